-- What the program itself keeps secret. Made at first start, never shown.
CREATE TABLE secrets (
    name TEXT NOT NULL PRIMARY KEY,
    -- 64 hexadecimal digits.
    value TEXT NOT NULL CONSTRAINT secrets_value_check CHECK (length(value) = 64),
    created_at TIMESTAMPTZ NOT NULL
);

-- One row each time that a courier is sent for, or told anew.
CREATE TABLE dispatches (
    id UUID NOT NULL PRIMARY KEY,
    shipment_id UUID NOT NULL CONSTRAINT dispatches_shipment_id_fkey REFERENCES shipments (id),
    number INTEGER NOT NULL CONSTRAINT dispatches_number_check CHECK (number > 0),
    courier_id UUID NOT NULL CONSTRAINT dispatches_courier_id_fkey REFERENCES couriers (id),
    state TEXT NOT NULL CONSTRAINT dispatches_state_check CHECK (state IN ('sent','accepted','picked_up','delivered','problem','cancelled','superseded')),
    -- Of the courier's calendar entry.
    sequence INTEGER NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    accept_by TIMESTAMPTZ NOT NULL,
    reminded_at TIMESTAMPTZ,
    -- When the sweeper looks at it again.
    look_at TIMESTAMPTZ,
    links_expire_at TIMESTAMPTZ NOT NULL,
    accepted_at TIMESTAMPTZ,
    picked_up_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    problem_at TIMESTAMPTZ,
    problem TEXT,
    -- Where the phone was at the delivery.
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    accuracy_meters DOUBLE PRECISION,
    CONSTRAINT dispatches_number_key UNIQUE (shipment_id, number),
    CONSTRAINT dispatches_ended_check CHECK ((state IN ('delivered','cancelled','superseded')) = (ended_at IS NOT NULL))
);
-- Of the dispatches of a shipment one is in force.
CREATE UNIQUE INDEX dispatches_open_key ON dispatches (shipment_id) WHERE ended_at IS NULL;
CREATE INDEX dispatches_look ON dispatches (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX dispatches_courier ON dispatches (courier_id);

-- Runs that are under way: their couriers were told before there were links.
INSERT INTO dispatches (id, shipment_id, number, courier_id, state, sequence, sent_at, accept_by, links_expire_at, accepted_at, picked_up_at)
SELECT s.id, s.id, s.dispatches, s.courier_id, CASE s.state WHEN 'planned' THEN 'accepted' ELSE 'picked_up' END, s.dispatches - 1,
    r.issued_at, r.issued_at, r.issued_at, r.issued_at, s.shipped_at
FROM shipments s JOIN rmas r ON r.id = s.rma_id
WHERE s.dispatches > 0 AND s.courier_id IS NOT NULL AND s.state IN ('planned','in_transit');

-- Pictures that couriers sent.
CREATE TABLE proofs (
    id UUID NOT NULL PRIMARY KEY,
    dispatch_id UUID NOT NULL CONSTRAINT proofs_dispatch_id_fkey REFERENCES dispatches (id),
    shows TEXT NOT NULL CONSTRAINT proofs_shows_check CHECK (shows IN ('delivery_photo','signature','problem_photo')),
    media_type TEXT NOT NULL CONSTRAINT proofs_media_type_check CHECK (media_type IN ('image/jpeg','image/png')),
    sha256 TEXT NOT NULL CONSTRAINT proofs_sha256_check CHECK (length(sha256) = 64),
    content BYTEA NOT NULL CONSTRAINT proofs_content_check CHECK (length(content) <= 2097152),
    recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX proofs_dispatch ON proofs (dispatch_id, id);

-- Carriers whose events are believed.
CREATE TABLE carriers (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL CONSTRAINT carriers_code_key UNIQUE,
    secret TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- What carriers told, each event once.
CREATE TABLE carrier_events (
    id UUID NOT NULL PRIMARY KEY,
    carrier_id UUID NOT NULL CONSTRAINT carrier_events_carrier_id_fkey REFERENCES carriers (id),
    -- The carrier's own name for it.
    event TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT carrier_events_kind_check CHECK (kind IN ('picked_up','delivered','exception')),
    happened_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    outcome TEXT NOT NULL CONSTRAINT carrier_events_outcome_check CHECK (outcome IN ('done','no_change','unknown_tracking_number')),
    -- What else it said: who took it, or what is wrong.
    said TEXT,
    CONSTRAINT carrier_events_event_key UNIQUE (carrier_id, event)
);
CREATE INDEX carrier_events_unknown ON carrier_events (tracking_number, received_at) WHERE outcome = 'unknown_tracking_number';
CREATE INDEX shipments_tracking_number ON shipments (tracking_number) WHERE tracking_number IS NOT NULL;
