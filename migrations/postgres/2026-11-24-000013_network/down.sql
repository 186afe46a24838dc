DROP TABLE center_request_sites;
DROP TABLE center_requests;
