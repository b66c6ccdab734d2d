"""Tables, engines, migrations, keys and ownership of a store."""
