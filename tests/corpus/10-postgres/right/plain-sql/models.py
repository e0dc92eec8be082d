TABLE = """
CREATE TABLE IF NOT EXISTS sailors (
    number serial PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL UNIQUE
)
"""
LIST = "SELECT number, name, email FROM sailors ORDER BY number"
INSERT = "INSERT INTO sailors (name, email) VALUES (%s, %s) RETURNING number, name, email"
SEED = "INSERT INTO sailors (name, email) VALUES (%s, %s) ON CONFLICT (email) DO NOTHING"
