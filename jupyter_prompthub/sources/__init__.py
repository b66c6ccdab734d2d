"""Sources of prompts: HTTP, embedded; and how a client finds one."""
