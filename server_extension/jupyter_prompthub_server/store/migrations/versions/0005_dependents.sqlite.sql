CREATE TABLE review_dependent_check (
	workspace_id VARCHAR NOT NULL,
	prompt_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	dependent_id VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	digest VARCHAR NOT NULL,
	verdict VARCHAR NOT NULL CONSTRAINT ck_review_dependent_check_verdict CHECK (verdict IN ('passed', 'failed', 'inconclusive')),
	evidence JSON NOT NULL,
	evidence_digest VARCHAR NOT NULL,
	url TEXT,
	summary TEXT NOT NULL,
	actor_id VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_review_dependent_check PRIMARY KEY (workspace_id, prompt_id, number, dependent_id, name, digest),
	CONSTRAINT fk_review_dependent_check_workspace_id_prompt_id_number FOREIGN KEY(workspace_id, prompt_id, number) REFERENCES review (workspace_id, prompt_id, number),
	CONSTRAINT fk_review_dependent_check_workspace_id_dependent_id FOREIGN KEY(workspace_id, dependent_id) REFERENCES prompt (workspace_id, id),
	CONSTRAINT fk_review_dependent_check_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id)
)
