//! The description of the API, generated from the handlers, and a page to browse it that needs no internet.

use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

/// What is said of the API as a whole; paths and schemas come from the handlers.
#[derive(Debug, OpenApi)]
#[openapi(
    info(title = "Swapline", description = "Maintenance logistics: contracts, entitlement, RMAs, and deadlines that explain themselves."),
    modifiers(&Bearer),
    security(("bearer" = [])),
    tags(
        (name = "rmas", description = "Issuing RMAs, and their moves"),
        (name = "cases", description = "Support cases up to the verified defect"),
        (name = "deadlines", description = "What is due, with its working"),
        (name = "sites", description = "Registered addresses, and the coverage check"),
    )
)]
pub struct Description;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("swl_…").build();
        api.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}
