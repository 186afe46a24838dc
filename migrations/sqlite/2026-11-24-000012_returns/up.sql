-- Charges for defective units that never came back (P4.6). A line has one that stands at most.
CREATE TABLE charges (
    id TEXT NOT NULL PRIMARY KEY,
    rma_id TEXT NOT NULL CONSTRAINT charges_rma_id_fkey REFERENCES rmas (id),
    rma_line_id TEXT NOT NULL CONSTRAINT charges_rma_line_id_fkey REFERENCES rma_lines (id),
    state TEXT NOT NULL CONSTRAINT charges_state_check CHECK (state IN ('proposed','confirmed','declined','withdrawn','reversed')),
    reason TEXT NOT NULL,
    proof TEXT NOT NULL CONSTRAINT charges_proof_check CHECK (proof IN ('picture','carrier_event','received_by')),
    amount TEXT,
    currency TEXT,
    proposed_at TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    decided_at TEXT,
    decided_by TEXT,
    decision TEXT,
    ended_at TEXT,
    CONSTRAINT charges_decided_check CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
    CONSTRAINT charges_amount_check CHECK ((amount IS NULL) = (currency IS NULL))
) STRICT;
CREATE INDEX charges_rma ON charges (rma_id);
CREATE UNIQUE INDEX charges_standing_key ON charges (rma_line_id) WHERE state IN ('proposed','confirmed');
CREATE INDEX charges_state ON charges (state, id);
CREATE INDEX expected_returns_state ON expected_returns (state, id);
