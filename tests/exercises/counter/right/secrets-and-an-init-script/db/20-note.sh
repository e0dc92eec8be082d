psql -U counter -c "COMMENT ON TABLE counter IS 'words'"
