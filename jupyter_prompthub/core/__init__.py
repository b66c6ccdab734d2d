"""Pure: content, template engine, files, hashes, diff. Imports nothing else of ours."""
