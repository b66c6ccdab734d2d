CREATE TABLE audit_entry (
	id VARCHAR COLLATE "C" NOT NULL,
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	tag VARCHAR COLLATE "C" NOT NULL,
	actor_id VARCHAR COLLATE "C" NOT NULL,
	credential_id VARCHAR COLLATE "C",
	via VARCHAR COLLATE "C" NOT NULL,
	target JSON NOT NULL,
	created_at BIGINT NOT NULL,
	bytes BYTEA NOT NULL,
	leaf_hash VARCHAR COLLATE "C" NOT NULL,
	CONSTRAINT pk_audit_entry PRIMARY KEY (id)
)

CREATE INDEX ix_audit_entry_workspace_id_id ON audit_entry (workspace_id, id)

CREATE TABLE data_key (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	key_id VARCHAR COLLATE "C" NOT NULL,
	master_key_id VARCHAR COLLATE "C" NOT NULL,
	wrapped BYTEA NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_data_key PRIMARY KEY (workspace_id, version),
	CONSTRAINT uq_data_key_key_id_version UNIQUE (key_id, version)
)

CREATE TABLE idempotency (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	actor_id VARCHAR COLLATE "C" NOT NULL,
	key VARCHAR COLLATE "C" NOT NULL,
	operation VARCHAR COLLATE "C" NOT NULL,
	request_hash VARCHAR COLLATE "C" NOT NULL,
	answer BYTEA NOT NULL,
	entry_id VARCHAR COLLATE "C",
	leaf_hash VARCHAR COLLATE "C",
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_idempotency PRIMARY KEY (workspace_id, actor_id, key)
)

CREATE INDEX ix_idempotency_created_at ON idempotency (created_at)

CREATE TABLE revoked_jti (
	jti VARCHAR COLLATE "C" NOT NULL,
	revoked_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	CONSTRAINT pk_revoked_jti PRIMARY KEY (jti)
)

CREATE TABLE store_meta (
	name VARCHAR COLLATE "C" NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_store_meta PRIMARY KEY (name)
)

CREATE TABLE workspace (
	id VARCHAR COLLATE "C" NOT NULL,
	name VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_workspace PRIMARY KEY (id),
	CONSTRAINT uq_workspace_name UNIQUE (name)
)

CREATE TABLE actor (
	id VARCHAR COLLATE "C" NOT NULL,
	kind VARCHAR COLLATE "C" NOT NULL CONSTRAINT ck_actor_kind CHECK (kind IN ('person', 'api_key', 'service', 'runner')),
	display_name TEXT NOT NULL,
	subject VARCHAR COLLATE "C",
	default_workspace_id VARCHAR COLLATE "C",
	disabled BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	erased_at BIGINT,
	CONSTRAINT pk_actor PRIMARY KEY (id),
	CONSTRAINT uq_actor_subject UNIQUE (subject),
	CONSTRAINT fk_actor_default_workspace_id FOREIGN KEY(default_workspace_id) REFERENCES workspace (id)
)

CREATE TABLE audit_salt (
	entry_id VARCHAR COLLATE "C" NOT NULL,
	name VARCHAR COLLATE "C" NOT NULL,
	salt BYTEA NOT NULL,
	CONSTRAINT pk_audit_salt PRIMARY KEY (entry_id, name),
	CONSTRAINT fk_audit_salt_entry_id FOREIGN KEY(entry_id) REFERENCES audit_entry (id)
)

CREATE TABLE environment (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	name VARCHAR COLLATE "C" NOT NULL,
	position INTEGER NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_environment PRIMARY KEY (workspace_id, name),
	CONSTRAINT fk_environment_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspace (id)
)

CREATE TABLE outbox (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	seq BIGINT NOT NULL,
	kind VARCHAR COLLATE "C" NOT NULL,
	ids JSON NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_outbox PRIMARY KEY (workspace_id, seq),
	CONSTRAINT fk_outbox_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspace (id)
)

CREATE INDEX ix_outbox_created_at ON outbox (created_at)

CREATE TABLE outbox_counter (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	seq BIGINT NOT NULL,
	CONSTRAINT pk_outbox_counter PRIMARY KEY (workspace_id),
	CONSTRAINT fk_outbox_counter_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspace (id)
)

CREATE TABLE account (
	actor_id VARCHAR COLLATE "C" NOT NULL,
	email VARCHAR COLLATE "C" NOT NULL,
	password_hash TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	password_changed_at BIGINT,
	CONSTRAINT pk_account PRIMARY KEY (actor_id),
	CONSTRAINT fk_account_actor_id FOREIGN KEY(actor_id) REFERENCES actor (id),
	CONSTRAINT uq_account_email UNIQUE (email)
)

CREATE TABLE membership (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	actor_id VARCHAR COLLATE "C" NOT NULL,
	role VARCHAR COLLATE "C" NOT NULL CONSTRAINT ck_membership_role CHECK (role IN ('viewer', 'engineer', 'team_lead', 'admin')),
	disabled BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_membership PRIMARY KEY (workspace_id, actor_id),
	CONSTRAINT fk_membership_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspace (id),
	CONSTRAINT fk_membership_actor_id FOREIGN KEY(actor_id) REFERENCES actor (id)
)

CREATE INDEX ix_membership_actor_id ON membership (actor_id)

CREATE TABLE refresh_token (
	id VARCHAR COLLATE "C" NOT NULL,
	family VARCHAR COLLATE "C" NOT NULL,
	actor_id VARCHAR COLLATE "C" NOT NULL,
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	token_hash VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT,
	revoked_at BIGINT,
	CONSTRAINT pk_refresh_token PRIMARY KEY (id),
	CONSTRAINT uq_refresh_token_token_hash UNIQUE (token_hash),
	CONSTRAINT fk_refresh_token_actor_id FOREIGN KEY(actor_id) REFERENCES actor (id),
	CONSTRAINT fk_refresh_token_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspace (id)
)

CREATE INDEX ix_refresh_token_actor_id ON refresh_token (actor_id)

CREATE INDEX ix_refresh_token_family ON refresh_token (family)

CREATE TABLE api_key (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	id VARCHAR COLLATE "C" NOT NULL,
	actor_id VARCHAR COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	role VARCHAR COLLATE "C" CONSTRAINT ck_api_key_role CHECK (role IN ('viewer', 'engineer', 'team_lead', 'admin')),
	key_hash VARCHAR COLLATE "C" NOT NULL,
	last4 VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT,
	last_used_at BIGINT,
	revoked_at BIGINT,
	CONSTRAINT pk_api_key PRIMARY KEY (workspace_id, id),
	CONSTRAINT fk_api_key_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT uq_api_key_key_hash UNIQUE (key_hash)
)

CREATE INDEX ix_api_key_workspace_id_actor_id ON api_key (workspace_id, actor_id)

CREATE TABLE connection (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	name VARCHAR COLLATE "C" NOT NULL,
	provider VARCHAR COLLATE "C" NOT NULL,
	base_url TEXT,
	secret BYTEA,
	secret_last4 VARCHAR COLLATE "C",
	models JSON NOT NULL,
	api_version VARCHAR COLLATE "C",
	input_nano_usd_per_token BIGINT,
	output_nano_usd_per_token BIGINT,
	allow_private_address BOOLEAN NOT NULL,
	created_by VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	CONSTRAINT pk_connection PRIMARY KEY (workspace_id, name),
	CONSTRAINT fk_connection_workspace_id_created_by FOREIGN KEY(workspace_id, created_by) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT fk_connection_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspace (id)
)

CREATE TABLE invitation (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	id VARCHAR COLLATE "C" NOT NULL,
	token_hash VARCHAR COLLATE "C" NOT NULL,
	email VARCHAR COLLATE "C",
	role VARCHAR COLLATE "C" NOT NULL CONSTRAINT ck_invitation_role CHECK (role IN ('viewer', 'engineer', 'team_lead', 'admin')),
	created_by VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT,
	used_by VARCHAR COLLATE "C",
	CONSTRAINT pk_invitation PRIMARY KEY (workspace_id, id),
	CONSTRAINT fk_invitation_workspace_id_created_by FOREIGN KEY(workspace_id, created_by) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT fk_invitation_workspace_id_used_by FOREIGN KEY(workspace_id, used_by) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT uq_invitation_token_hash UNIQUE (token_hash)
)

CREATE TABLE prompt (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	id VARCHAR COLLATE "C" NOT NULL,
	name VARCHAR COLLATE "C" NOT NULL,
	title TEXT NOT NULL,
	description TEXT NOT NULL,
	versions INTEGER NOT NULL,
	archived_at BIGINT,
	created_by VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	CONSTRAINT pk_prompt PRIMARY KEY (workspace_id, id),
	CONSTRAINT fk_prompt_workspace_id_created_by FOREIGN KEY(workspace_id, created_by) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT uq_prompt_workspace_id_name UNIQUE (workspace_id, name),
	CONSTRAINT fk_prompt_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspace (id)
)

CREATE INDEX ix_prompt_workspace_id_updated_at_id ON prompt (workspace_id, updated_at, id)

CREATE TABLE prompt_redirect (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	name VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_prompt_redirect PRIMARY KEY (workspace_id, name),
	CONSTRAINT fk_prompt_redirect_workspace_id_prompt_id FOREIGN KEY(workspace_id, prompt_id) REFERENCES prompt (workspace_id, id)
)

CREATE TABLE prompt_tag (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	tag VARCHAR COLLATE "C" NOT NULL,
	CONSTRAINT pk_prompt_tag PRIMARY KEY (workspace_id, prompt_id, tag),
	CONSTRAINT fk_prompt_tag_workspace_id_prompt_id FOREIGN KEY(workspace_id, prompt_id) REFERENCES prompt (workspace_id, id)
)

CREATE INDEX ix_prompt_tag_workspace_id_tag_prompt_id ON prompt_tag (workspace_id, tag, prompt_id)

CREATE TABLE search_entry (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY,
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	name_terms TEXT NOT NULL,
	tag_terms TEXT NOT NULL,
	text_terms TEXT NOT NULL,
	CONSTRAINT pk_search_entry PRIMARY KEY (id),
	CONSTRAINT fk_search_entry_workspace_id_prompt_id FOREIGN KEY(workspace_id, prompt_id) REFERENCES prompt (workspace_id, id),
	CONSTRAINT uq_search_entry_workspace_id_prompt_id UNIQUE (workspace_id, prompt_id)
)

CREATE TABLE version (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	sha VARCHAR COLLATE "C" NOT NULL,
	number INTEGER NOT NULL,
	content_hash VARCHAR COLLATE "C" NOT NULL,
	text_hash VARCHAR COLLATE "C" NOT NULL,
	lock_hash VARCHAR COLLATE "C" NOT NULL,
	text BYTEA NOT NULL,
	content BYTEA NOT NULL,
	lock JSON NOT NULL,
	commit_message TEXT NOT NULL,
	author_id VARCHAR COLLATE "C" NOT NULL,
	credential_id VARCHAR COLLATE "C",
	via VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	git_author TEXT,
	git_authored_at BIGINT,
	CONSTRAINT pk_version PRIMARY KEY (workspace_id, prompt_id, sha),
	CONSTRAINT fk_version_workspace_id_prompt_id FOREIGN KEY(workspace_id, prompt_id) REFERENCES prompt (workspace_id, id),
	CONSTRAINT fk_version_workspace_id_author_id FOREIGN KEY(workspace_id, author_id) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT uq_version_workspace_id_sha UNIQUE (workspace_id, sha),
	CONSTRAINT uq_version_workspace_id_prompt_id_number UNIQUE (workspace_id, prompt_id, number)
)

CREATE INDEX ix_version_workspace_id_prompt_id_created_at ON version (workspace_id, prompt_id, created_at)

CREATE TABLE branch (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	name VARCHAR COLLATE "C" NOT NULL,
	head VARCHAR COLLATE "C" NOT NULL,
	created_by VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	CONSTRAINT pk_branch PRIMARY KEY (workspace_id, prompt_id, name),
	CONSTRAINT fk_branch_workspace_id_prompt_id_head FOREIGN KEY(workspace_id, prompt_id, head) REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_branch_workspace_id_created_by FOREIGN KEY(workspace_id, created_by) REFERENCES membership (workspace_id, actor_id)
)

CREATE INDEX ix_branch_workspace_id_prompt_id_head ON branch (workspace_id, prompt_id, head)

CREATE TABLE deployment (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	id VARCHAR COLLATE "C" NOT NULL,
	environment VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	number INTEGER NOT NULL,
	version_sha VARCHAR COLLATE "C" NOT NULL,
	previous_id VARCHAR COLLATE "C",
	action VARCHAR COLLATE "C" NOT NULL CONSTRAINT ck_deployment_action CHECK (action IN ('promote', 'rollback')),
	reason TEXT NOT NULL,
	actor_id VARCHAR COLLATE "C" NOT NULL,
	credential_id VARCHAR COLLATE "C",
	via VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_deployment PRIMARY KEY (workspace_id, id),
	CONSTRAINT fk_deployment_workspace_id_environment FOREIGN KEY(workspace_id, environment) REFERENCES environment (workspace_id, name),
	CONSTRAINT fk_deployment_workspace_id_prompt_id_version_sha FOREIGN KEY(workspace_id, prompt_id, version_sha) REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_deployment_workspace_id_previous_id FOREIGN KEY(workspace_id, previous_id) REFERENCES deployment (workspace_id, id),
	CONSTRAINT fk_deployment_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT ck_deployment_first CHECK ((number = 1) = (previous_id IS NULL)),
	CONSTRAINT uq_deployment_workspace_id_prompt_id_environment_number UNIQUE (workspace_id, prompt_id, environment, number)
)

CREATE TABLE draft (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	branch VARCHAR COLLATE "C" NOT NULL,
	session VARCHAR COLLATE "C" NOT NULL,
	base_sha VARCHAR COLLATE "C",
	text BYTEA NOT NULL,
	text_hash VARCHAR COLLATE "C" NOT NULL,
	dirty BOOLEAN NOT NULL,
	problems JSON NOT NULL,
	next_seq BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	CONSTRAINT pk_draft PRIMARY KEY (workspace_id, prompt_id, branch),
	CONSTRAINT fk_draft_workspace_id_prompt_id FOREIGN KEY(workspace_id, prompt_id) REFERENCES prompt (workspace_id, id),
	CONSTRAINT fk_draft_workspace_id_prompt_id_base_sha FOREIGN KEY(workspace_id, prompt_id, base_sha) REFERENCES version (workspace_id, prompt_id, sha)
)

CREATE TABLE version_editor (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	sha VARCHAR COLLATE "C" NOT NULL,
	actor_id VARCHAR COLLATE "C" NOT NULL,
	CONSTRAINT pk_version_editor PRIMARY KEY (workspace_id, prompt_id, sha, actor_id),
	CONSTRAINT fk_version_editor_workspace_id_prompt_id_sha FOREIGN KEY(workspace_id, prompt_id, sha) REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_version_editor_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id)
)

CREATE TABLE version_parent (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	sha VARCHAR COLLATE "C" NOT NULL,
	position INTEGER NOT NULL,
	parent_sha VARCHAR COLLATE "C" NOT NULL,
	CONSTRAINT pk_version_parent PRIMARY KEY (workspace_id, prompt_id, sha, position),
	CONSTRAINT fk_version_parent_workspace_id_prompt_id_sha FOREIGN KEY(workspace_id, prompt_id, sha) REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_version_parent_workspace_id_prompt_id_parent_sha FOREIGN KEY(workspace_id, prompt_id, parent_sha) REFERENCES version (workspace_id, prompt_id, sha)
)

CREATE INDEX ix_version_parent_workspace_id_prompt_id_parent_sha ON version_parent (workspace_id, prompt_id, parent_sha)

CREATE TABLE version_snippet (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	sha VARCHAR COLLATE "C" NOT NULL,
	snippet_prompt_id VARCHAR COLLATE "C" NOT NULL,
	snippet_sha VARCHAR COLLATE "C" NOT NULL,
	name VARCHAR COLLATE "C",
	ref VARCHAR COLLATE "C",
	CONSTRAINT pk_version_snippet PRIMARY KEY (workspace_id, prompt_id, sha, snippet_prompt_id),
	CONSTRAINT fk_version_snippet_workspace_id_prompt_id_sha FOREIGN KEY(workspace_id, prompt_id, sha) REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_version_snippet_workspace_id_snippet_prompt_id_snippet_sha FOREIGN KEY(workspace_id, snippet_prompt_id, snippet_sha) REFERENCES version (workspace_id, prompt_id, sha)
)

CREATE INDEX ix_version_snippet_workspace_id_snippet_prompt_id_prompt_id ON version_snippet (workspace_id, snippet_prompt_id, prompt_id)

CREATE TABLE version_tag (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	name VARCHAR COLLATE "C" NOT NULL,
	sha VARCHAR COLLATE "C" NOT NULL,
	created_by VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_version_tag PRIMARY KEY (workspace_id, prompt_id, name),
	CONSTRAINT fk_version_tag_workspace_id_prompt_id_sha FOREIGN KEY(workspace_id, prompt_id, sha) REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_version_tag_workspace_id_created_by FOREIGN KEY(workspace_id, created_by) REFERENCES membership (workspace_id, actor_id)
)

CREATE INDEX ix_version_tag_workspace_id_prompt_id_sha ON version_tag (workspace_id, prompt_id, sha)

CREATE TABLE draft_editor (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	branch VARCHAR COLLATE "C" NOT NULL,
	actor_id VARCHAR COLLATE "C" NOT NULL,
	first_at BIGINT NOT NULL,
	last_at BIGINT NOT NULL,
	CONSTRAINT pk_draft_editor PRIMARY KEY (workspace_id, prompt_id, branch, actor_id),
	CONSTRAINT fk_draft_editor_workspace_id_prompt_id_branch FOREIGN KEY(workspace_id, prompt_id, branch) REFERENCES draft (workspace_id, prompt_id, branch),
	CONSTRAINT fk_draft_editor_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id)
)

CREATE TABLE draft_kept (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	branch VARCHAR COLLATE "C" NOT NULL,
	id VARCHAR COLLATE "C" NOT NULL,
	text BYTEA NOT NULL,
	base_sha VARCHAR COLLATE "C",
	reason VARCHAR COLLATE "C" NOT NULL,
	actor_id VARCHAR COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_draft_kept PRIMARY KEY (workspace_id, prompt_id, branch, id),
	CONSTRAINT fk_draft_kept_workspace_id_prompt_id_branch FOREIGN KEY(workspace_id, prompt_id, branch) REFERENCES draft (workspace_id, prompt_id, branch),
	CONSTRAINT fk_draft_kept_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT fk_draft_kept_workspace_id_prompt_id_base_sha FOREIGN KEY(workspace_id, prompt_id, base_sha) REFERENCES version (workspace_id, prompt_id, sha)
)

CREATE TABLE draft_update (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C" NOT NULL,
	branch VARCHAR COLLATE "C" NOT NULL,
	seq BIGINT NOT NULL,
	update BYTEA NOT NULL,
	actor_id VARCHAR COLLATE "C",
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_draft_update PRIMARY KEY (workspace_id, prompt_id, branch, seq),
	CONSTRAINT fk_draft_update_workspace_id_prompt_id_branch FOREIGN KEY(workspace_id, prompt_id, branch) REFERENCES draft (workspace_id, prompt_id, branch),
	CONSTRAINT fk_draft_update_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id)
)

CREATE TABLE execution (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	id VARCHAR COLLATE "C" NOT NULL,
	prompt_id VARCHAR COLLATE "C",
	version_sha VARCHAR COLLATE "C",
	lock_hash VARCHAR COLLATE "C",
	rendered_hash VARCHAR COLLATE "C",
	environment VARCHAR COLLATE "C",
	deployment_id VARCHAR COLLATE "C",
	experiment_id VARCHAR COLLATE "C",
	variant VARCHAR COLLATE "C",
	subject VARCHAR COLLATE "C",
	actor_id VARCHAR COLLATE "C" NOT NULL,
	credential_id VARCHAR COLLATE "C",
	via VARCHAR COLLATE "C" NOT NULL,
	caller_kind VARCHAR COLLATE "C" NOT NULL,
	caller_notebook TEXT,
	caller_cell_id VARCHAR COLLATE "C",
	connection VARCHAR COLLATE "C",
	provider VARCHAR COLLATE "C",
	model_asked VARCHAR COLLATE "C" NOT NULL,
	model VARCHAR COLLATE "C",
	parent_id VARCHAR COLLATE "C",
	attempt INTEGER NOT NULL,
	state VARCHAR COLLATE "C" NOT NULL CONSTRAINT ck_execution_state CHECK (state IN ('pending', 'succeeded', 'failed', 'cancelled', 'incomplete')),
	created_at BIGINT NOT NULL,
	first_token_at BIGINT,
	ended_at BIGINT,
	latency_us BIGINT,
	input_tokens BIGINT,
	output_tokens BIGINT,
	cached_tokens BIGINT,
	total_tokens BIGINT,
	cost_nano_usd BIGINT,
	price JSON,
	budget_reserved_nano_usd BIGINT,
	finish_reason VARCHAR COLLATE "C",
	error_code VARCHAR COLLATE "C",
	error_message TEXT,
	idempotency_key VARCHAR COLLATE "C",
	request_hash VARCHAR COLLATE "C",
	text_hash VARCHAR COLLATE "C",
	CONSTRAINT pk_execution PRIMARY KEY (workspace_id, id),
	CONSTRAINT fk_execution_workspace_id_prompt_id FOREIGN KEY(workspace_id, prompt_id) REFERENCES prompt (workspace_id, id),
	CONSTRAINT fk_execution_workspace_id_prompt_id_version_sha FOREIGN KEY(workspace_id, prompt_id, version_sha) REFERENCES version (workspace_id, prompt_id, sha),
	CONSTRAINT fk_execution_workspace_id_environment FOREIGN KEY(workspace_id, environment) REFERENCES environment (workspace_id, name),
	CONSTRAINT fk_execution_workspace_id_deployment_id FOREIGN KEY(workspace_id, deployment_id) REFERENCES deployment (workspace_id, id),
	CONSTRAINT fk_execution_workspace_id_parent_id FOREIGN KEY(workspace_id, parent_id) REFERENCES execution (workspace_id, id),
	CONSTRAINT fk_execution_workspace_id_actor_id FOREIGN KEY(workspace_id, actor_id) REFERENCES membership (workspace_id, actor_id),
	CONSTRAINT ck_execution_ended CHECK ((state = 'pending') = (ended_at IS NULL))
)

CREATE INDEX ix_execution_pending ON execution (workspace_id, id) WHERE state = 'pending'

CREATE INDEX ix_execution_workspace_id_created_at_id ON execution (workspace_id, created_at, id)

CREATE INDEX ix_execution_workspace_id_prompt_id_created_at_id ON execution (workspace_id, prompt_id, created_at, id)

CREATE UNIQUE INDEX uq_execution_idempotency ON execution (workspace_id, actor_id, idempotency_key) WHERE idempotency_key IS NOT NULL

CREATE TABLE execution_payload (
	workspace_id VARCHAR COLLATE "C" NOT NULL,
	execution_id VARCHAR COLLATE "C" NOT NULL,
	inputs BYTEA,
	messages BYTEA,
	output BYTEA,
	answer BYTEA,
	expires_at BIGINT,
	CONSTRAINT pk_execution_payload PRIMARY KEY (workspace_id, execution_id),
	CONSTRAINT fk_execution_payload_workspace_id_execution_id FOREIGN KEY(workspace_id, execution_id) REFERENCES execution (workspace_id, id)
)

CREATE INDEX ix_execution_payload_expires_at ON execution_payload (expires_at)

CREATE FUNCTION prompthub_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$

CREATE TRIGGER audit_entry_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION prompthub_insert_only()

CREATE TRIGGER deployment_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON deployment FOR EACH STATEMENT EXECUTE FUNCTION prompthub_insert_only()

CREATE TRIGGER version_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON version FOR EACH STATEMENT EXECUTE FUNCTION prompthub_insert_only()

CREATE TRIGGER version_editor_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON version_editor FOR EACH STATEMENT EXECUTE FUNCTION prompthub_insert_only()

CREATE TRIGGER version_parent_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON version_parent FOR EACH STATEMENT EXECUTE FUNCTION prompthub_insert_only()

CREATE TRIGGER version_snippet_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON version_snippet FOR EACH STATEMENT EXECUTE FUNCTION prompthub_insert_only()

ALTER TABLE search_entry ADD COLUMN terms tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple'::regconfig, name_terms), 'A') ||
        setweight(to_tsvector('simple'::regconfig, tag_terms), 'B') ||
        setweight(to_tsvector('simple'::regconfig, text_terms), 'C')) STORED

CREATE INDEX ix_search_entry_terms ON search_entry USING gin (terms)
