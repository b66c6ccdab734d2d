CREATE TABLE protection (
	workspace_id VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	prompts VARCHAR NOT NULL,
	branch VARCHAR NOT NULL,
	rules JSON NOT NULL,
	created_by VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	updated_by VARCHAR NOT NULL,
	updated_at BIGINT NOT NULL,
	CONSTRAINT pk_protection PRIMARY KEY (workspace_id, id),
	CONSTRAINT fk_protection_workspace_id_created_by FOREIGN KEY(workspace_id, created_by) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT fk_protection_workspace_id_updated_by FOREIGN KEY(workspace_id, updated_by) REFERENCES membership (workspace_id, actor_id)
)

CREATE TABLE review (
	workspace_id VARCHAR NOT NULL,
	prompt_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	title TEXT NOT NULL,
	description BLOB NOT NULL,
	source VARCHAR NOT NULL,
	target VARCHAR NOT NULL,
	state VARCHAR NOT NULL CONSTRAINT ck_review_state CHECK (state IN ('draft', 'open', 'merged', 'closed')),
	reverts INTEGER,
	author_id VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	ended_at BIGINT,
	ended_by VARCHAR,
	source_sha VARCHAR,
	target_sha VARCHAR,
	merged_sha VARCHAR,
	digest VARCHAR,
	CONSTRAINT pk_review PRIMARY KEY (workspace_id, prompt_id, number),
	CONSTRAINT fk_review_workspace_id_prompt_id FOREIGN KEY(workspace_id, prompt_id) REFERENCES prompt (workspace_id, id),
	CONSTRAINT fk_review_workspace_id_prompt_id_source_sha FOREIGN KEY(workspace_id, prompt_id, source_sha) REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_review_workspace_id_prompt_id_target_sha FOREIGN KEY(workspace_id, prompt_id, target_sha) REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_review_workspace_id_prompt_id_merged_sha FOREIGN KEY(workspace_id, prompt_id, merged_sha) REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_review_workspace_id_author_id FOREIGN KEY(workspace_id, author_id) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT fk_review_workspace_id_ended_by FOREIGN KEY(workspace_id, ended_by) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT ck_review_merged CHECK ((state = 'merged') = (merged_sha IS NOT NULL)),
	CONSTRAINT ck_review_ended CHECK ((state IN ('merged', 'closed')) = (ended_at IS NOT NULL))
)

CREATE INDEX ix_review_workspace_id_author_id ON review (workspace_id, author_id)

CREATE INDEX ix_review_workspace_id_updated_at_prompt_id_number ON review (workspace_id, updated_at, prompt_id, number)

CREATE UNIQUE INDEX uq_review_live ON review (workspace_id, prompt_id, source, target) WHERE state IN ('draft', 'open')

CREATE TABLE branch_move (
	workspace_id VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	prompt_id VARCHAR NOT NULL,
	branch VARCHAR NOT NULL,
	"before" VARCHAR,
	"after" VARCHAR,
	review INTEGER,
	digest VARCHAR,
	actor_id VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_branch_move PRIMARY KEY (workspace_id, id),
	CONSTRAINT fk_branch_move_workspace_id_prompt_id FOREIGN KEY(workspace_id, prompt_id) REFERENCES prompt (workspace_id, id),
	CONSTRAINT fk_branch_move_workspace_id_prompt_id_before FOREIGN KEY(workspace_id, prompt_id, "before") REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_branch_move_workspace_id_prompt_id_after FOREIGN KEY(workspace_id, prompt_id, "after") REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_branch_move_workspace_id_prompt_id_review FOREIGN KEY(workspace_id, prompt_id, review) REFERENCES review (workspace_id, prompt_id, number),
	CONSTRAINT fk_branch_move_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id)
)

CREATE INDEX ix_branch_move_workspace_id_prompt_id_branch_id ON branch_move (workspace_id, prompt_id, branch, id)

CREATE TABLE review_check (
	workspace_id VARCHAR NOT NULL,
	prompt_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	verdict VARCHAR NOT NULL CONSTRAINT ck_review_check_verdict CHECK (verdict IN ('passed', 'failed', 'inconclusive')),
	digest VARCHAR NOT NULL,
	evidence JSON NOT NULL,
	evidence_digest VARCHAR NOT NULL,
	url TEXT,
	summary TEXT NOT NULL,
	actor_id VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_review_check PRIMARY KEY (workspace_id, prompt_id, number, name),
	CONSTRAINT fk_review_check_workspace_id_prompt_id_number FOREIGN KEY(workspace_id, prompt_id, number) REFERENCES review (workspace_id, prompt_id, number),
	CONSTRAINT fk_review_check_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id)
)

CREATE TABLE review_decision (
	workspace_id VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	prompt_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	actor_id VARCHAR NOT NULL,
	decision VARCHAR NOT NULL CONSTRAINT ck_review_decision_decision CHECK (decision IN ('approve', 'request_changes', 'comment')),
	digest VARCHAR,
	body BLOB NOT NULL,
	created_at BIGINT NOT NULL,
	dismissed_by VARCHAR,
	dismissed_at BIGINT,
	dismissed_why TEXT,
	CONSTRAINT pk_review_decision PRIMARY KEY (workspace_id, id),
	CONSTRAINT fk_review_decision_workspace_id_prompt_id_number FOREIGN KEY(workspace_id, prompt_id, number) REFERENCES review (workspace_id, prompt_id, number),
	CONSTRAINT fk_review_decision_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT fk_review_decision_workspace_id_dismissed_by FOREIGN KEY(workspace_id, dismissed_by) REFERENCES membership (workspace_id, actor_id)
)

CREATE INDEX ix_review_decision_workspace_id_prompt_id_number_id ON review_decision (workspace_id, prompt_id, number, id)

CREATE TABLE review_resolution (
	workspace_id VARCHAR NOT NULL,
	prompt_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	conflict_id VARCHAR NOT NULL,
	conflict_hash VARCHAR NOT NULL,
	resolution BLOB NOT NULL,
	actor_id VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_review_resolution PRIMARY KEY (workspace_id, prompt_id, number, conflict_id),
	CONSTRAINT fk_review_resolution_workspace_id_prompt_id_number FOREIGN KEY(workspace_id, prompt_id, number) REFERENCES review (workspace_id, prompt_id, number),
	CONSTRAINT fk_review_resolution_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id)
)

CREATE TABLE review_reviewer (
	workspace_id VARCHAR NOT NULL,
	prompt_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	actor_id VARCHAR NOT NULL,
	asked_by VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_review_reviewer PRIMARY KEY (workspace_id, prompt_id, number, actor_id),
	CONSTRAINT fk_review_reviewer_workspace_id_prompt_id_number FOREIGN KEY(workspace_id, prompt_id, number) REFERENCES review (workspace_id, prompt_id, number),
	CONSTRAINT fk_review_reviewer_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT fk_review_reviewer_workspace_id_asked_by FOREIGN KEY(workspace_id, asked_by) REFERENCES membership (workspace_id, actor_id)
)

CREATE INDEX ix_review_reviewer_workspace_id_actor_id ON review_reviewer (workspace_id, actor_id)
