/** The tables of a ledger. Rows are only ever added, but for `meta`. Lists and records are JSON text. */

/** Raised with every change of the tables; a ledger of another version is refused. */
export const SCHEMA_VERSION = 3;

export const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- One training that finished, in order of finishing. On disk before its worker gets another.
CREATE TABLE trainings (
  id INTEGER PRIMARY KEY,
  generation INTEGER NOT NULL,
  key TEXT NOT NULL,
  genome TEXT NOT NULL,
  replicate INTEGER NOT NULL,
  seed TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT,
  -- NULL for a training that failed: that says nothing about the loss.
  score REAL,
  steps INTEGER NOT NULL,
  milliseconds REAL NOT NULL,
  curve TEXT NOT NULL
);

-- One candidate; written with its generation.
CREATE TABLE evaluations (
  id INTEGER PRIMARY KEY,
  generation INTEGER NOT NULL,
  island INTEGER NOT NULL,
  genome TEXT NOT NULL,
  size INTEGER NOT NULL,
  parents TEXT NOT NULL,
  operator TEXT NOT NULL,
  canonical TEXT NOT NULL,
  gradient TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  features TEXT NOT NULL,
  flipped INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  stage TEXT,
  reason TEXT,
  same_as INTEGER,
  probe REAL,
  scores TEXT NOT NULL,
  complete INTEGER NOT NULL,
  steps INTEGER NOT NULL,
  audited INTEGER NOT NULL,
  audit_score REAL,
  milliseconds TEXT NOT NULL
);

-- One finished generation with the state after it: where a resumed run goes on.
CREATE TABLE generations (
  number INTEGER PRIMARY KEY,
  best REAL NOT NULL,
  median REAL NOT NULL,
  seconds REAL NOT NULL,
  state TEXT NOT NULL
);

-- Steps after the search: tuning, finals, comparisons, each as one JSON value under a name.
CREATE TABLE results (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Losses that another run of the same task has trained, copied here when the run began.
CREATE TABLE imported (
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  canonical TEXT NOT NULL,
  gradient TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  features TEXT NOT NULL,
  genome TEXT NOT NULL,
  size INTEGER NOT NULL,
  score REAL NOT NULL
);
`;
