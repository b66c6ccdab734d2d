CREATE TABLE review_dependent_check (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	number INTEGER NOT NULL,
	dependent_id VARCHAR COLLATE "C" NOT NULL,
	name VARCHAR COLLATE "C" NOT NULL,
	digest VARCHAR COLLATE "C" NOT NULL,
	verdict VARCHAR COLLATE "C" NOT NULL CONSTRAINT ck_review_dependent_check_verdict CHECK (verdict IN ('passed', 'failed', 'inconclusive')),
	evidence JSON NOT NULL,
	evidence_digest VARCHAR COLLATE "C" NOT NULL,
	url TEXT,
	summary TEXT NOT NULL,
	actor_id VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_review_dependent_check PRIMARY KEY (workspace_id, prompt_id, number, dependent_id, name, digest),
	CONSTRAINT fk_review_dependent_check_workspace_id_prompt_id_number FOREIGN KEY(workspace_id, prompt_id, number) REFERENCES review (workspace_id, prompt_id, number),
	CONSTRAINT fk_review_dependent_check_workspace_id_dependent_id FOREIGN KEY(workspace_id, dependent_id) REFERENCES prompt (workspace_id, id),
	CONSTRAINT fk_review_dependent_check_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id)
)
