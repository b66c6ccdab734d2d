CREATE TABLE git_commit (
	workspace_id VARCHAR NOT NULL,
	prompt_id VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	sha VARCHAR NOT NULL,
	raw BLOB NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_git_commit PRIMARY KEY (workspace_id, prompt_id, id),
	CONSTRAINT fk_git_commit_workspace_id_prompt_id_sha FOREIGN KEY(workspace_id, prompt_id, sha) REFERENCES version (workspace_id, prompt_id, sha)
)

CREATE INDEX ix_git_commit_workspace_id_prompt_id_sha ON git_commit (workspace_id, prompt_id, sha)
