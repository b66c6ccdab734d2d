CREATE TABLE review_thread (
	workspace_id VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	prompt_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	version_sha VARCHAR NOT NULL,
	path VARCHAR,
	start INTEGER,
	"end" INTEGER,
	created_by VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	resolved_by VARCHAR,
	resolved_at BIGINT,
	CONSTRAINT pk_review_thread PRIMARY KEY (workspace_id, id),
	CONSTRAINT fk_review_thread_workspace_id_prompt_id_number FOREIGN KEY(workspace_id, prompt_id, number) REFERENCES review (workspace_id, prompt_id, number),
	CONSTRAINT fk_review_thread_workspace_id_prompt_id_version_sha FOREIGN KEY(workspace_id, prompt_id, version_sha) REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_review_thread_workspace_id_created_by FOREIGN KEY(workspace_id, created_by) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT fk_review_thread_workspace_id_resolved_by FOREIGN KEY(workspace_id, resolved_by) REFERENCES membership (workspace_id, actor_id)
)

CREATE INDEX ix_review_thread_workspace_id_prompt_id_number_id ON review_thread (workspace_id, prompt_id, number, id)

CREATE TABLE review_comment (
	workspace_id VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	thread_id VARCHAR NOT NULL,
	author_id VARCHAR NOT NULL,
	body BLOB NOT NULL,
	suggestion BLOB,
	prompt_id VARCHAR NOT NULL,
	applied_sha VARCHAR,
	created_at BIGINT NOT NULL,
	edited_at BIGINT,
	CONSTRAINT pk_review_comment PRIMARY KEY (workspace_id, id),
	CONSTRAINT fk_review_comment_workspace_id_thread_id FOREIGN KEY(workspace_id, thread_id) REFERENCES review_thread (workspace_id, id),
	CONSTRAINT fk_review_comment_workspace_id_prompt_id_applied_sha FOREIGN KEY(workspace_id, prompt_id, applied_sha) REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_review_comment_workspace_id_author_id FOREIGN KEY(workspace_id, author_id) REFERENCES membership (workspace_id, actor_id)
)

CREATE INDEX ix_review_comment_workspace_id_thread_id_id ON review_comment (workspace_id, thread_id, id)

CREATE TABLE review_mention (
	workspace_id VARCHAR NOT NULL,
	comment_id VARCHAR NOT NULL,
	actor_id VARCHAR NOT NULL,
	prompt_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	CONSTRAINT pk_review_mention PRIMARY KEY (workspace_id, comment_id, actor_id),
	CONSTRAINT fk_review_mention_workspace_id_comment_id FOREIGN KEY(workspace_id, comment_id) REFERENCES review_comment (workspace_id, id),
	CONSTRAINT fk_review_mention_workspace_id_prompt_id_number FOREIGN KEY(workspace_id, prompt_id, number) REFERENCES review (workspace_id, prompt_id, number),
	CONSTRAINT fk_review_mention_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id)
)

CREATE INDEX ix_review_mention_workspace_id_actor_id_prompt_id_number ON review_mention (workspace_id, actor_id, prompt_id, number)
