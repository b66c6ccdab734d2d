"""Prompts as git repositories, both ways (``docs/formats/git.md``): pure, on the objects of a repository.

Everything here works on a store of git objects: of a folder of a person's own, or of a temporary one of the server.
Nothing here opens a path that stands in a repository.
"""
