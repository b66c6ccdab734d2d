CREATE TABLE sample (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	name VARCHAR COLLATE "C" NOT NULL,
	inputs BYTEA NOT NULL,
	created_by VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	updated_by VARCHAR COLLATE "C" NOT NULL,
	updated_at BIGINT NOT NULL,
	CONSTRAINT pk_sample PRIMARY KEY (workspace_id, id),
	CONSTRAINT fk_sample_workspace_id_prompt_id FOREIGN KEY(workspace_id, prompt_id) REFERENCES prompt (workspace_id, id),
	CONSTRAINT fk_sample_workspace_id_created_by FOREIGN KEY(workspace_id, created_by) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT fk_sample_workspace_id_updated_by FOREIGN KEY(workspace_id, updated_by) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT uq_sample_workspace_id_prompt_id_name UNIQUE (workspace_id, prompt_id, name)
)
