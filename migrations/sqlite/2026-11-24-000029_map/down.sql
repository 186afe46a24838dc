DROP INDEX coverage_certificates_map;
