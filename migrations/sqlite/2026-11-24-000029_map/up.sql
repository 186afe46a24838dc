-- What the map shows of a part of the earth: places and verdicts of the current certificates, without a look at the certificates themselves.
CREATE INDEX coverage_certificates_map ON coverage_certificates (latitude, longitude, verdict) WHERE replaced_at IS NULL;
