// What the HTTP interface answers and streams, as far as the console reads it; named as the models of kpi_engine/api.
// Instants are ISO 8601. The browser never loads this file: it is for the type check alone.

/** What each resource answers. */
export type Resources = {
  "/session": Session;
  "/cities": Page<City>;
  "/verticals": Items<Vertical>;
  "/devices": Page<Device>;
  "/series": Page<Series>;
  "/alarms": Page<Alarm>;
  "/kpis": Page<Kpi>;
  "/kpis/recomputations": Page<Recomputation>;
  "/targets": Page<KpiTarget>;
  "/inbox": Page<Sender>;
  "/inbox/sender": Found;
  "/inbox/claim": Replay;
  "/quarantine": Page<RefusedMessage>;
  "/quarantine/replay": Replay;
  [path: `/quarantine/${number}/replay`]: Replay;
  [path: `/quarantine/replays/${number}`]: Replay;
  [path: `/kpis/${string}/hours`]: Items<Hour>;
  [path: `/kpis/${string}/values`]: Page<KpiValue>;
  [path: `/kpis/${string}/values/${number}/lineage`]: KpiLineage;
  [path: `/kpis/${string}/days/${string}/lineage`]: KpiLineage;
  [path: `/kpis/${string}/differences`]: Page<KpiDifference>;
  [path: `/cities/${string}/sites`]: Page<Site>;
  [path: `/cities/${string}/groups`]: Page<Group>;
  [path: `/cities/${string}/flows`]: CityFlows;
  [path: `/series/${number}/aggregates`]: Aggregates;
  [path: `/series/${number}/observations`]: Page<Observation>;
  "/alarms/acknowledge": Items<Alarm>;
  "/alarms/comment": Items<Alarm>;
  "/alarms/shelve": Items<Alarm>;
  "/alarms/unshelve": Items<Alarm>;
  [path: `/alarms/${number}`]: AlarmWithRemedy;
  [path: `/alarms/${number}/members`]: Page<AlarmMember>;
  [path: `/alarms/${number}/notes`]: Page<AlarmNote>;
  [path: `/alarms/${number}/figures`]: Page<TouchedFigure>;
  [path: `/alarms/${number}/acknowledge`]: Alarm;
  "/notifications/receivers": Items<NotifiedReceiver>;
  "/notifications/trials": NotificationTrial;
  [path: `/notifications/trials/${number}`]: NotificationTrial;
};

/** What each event of the stream brings. */
export type Events = {
  devices: News<DeviceNews>;
  alarms: News<Alarm>;
  kpis: News<KpiValue>;
  ledger: News<LedgerEntry>;
};

/** Everything (`full`), or what has changed. */
export type News<Item> = { full: boolean; items: Item[] };

export type Heartbeat = {
  now: string;
  problem: string | null;
  stuck: string[];
  notes: string[];
};

export type Items<Item> = { items: Item[] };

export type Page<Item> = Items<Item> & { next_cursor: string | null };

export type Session = {
  name: string;
  role: string;
  sees: string[];
  csrf_token: string | null;
};

export type City = {
  name: string;
  title: string;
  timezone: string;
  live: number | null;
  outline: number[][] | null;
};

export type Vertical = {
  name: string;
  title: string;
};

export type Site = {
  name: string;
  title: string;
  vertical: string;
  facts: Fact[];
  valid_from: string | null;
  valid_to: string | null;
  location: number[] | null;
  outline: number[][] | null;
};

export type Fact = {
  name: string;
  value: number;
  unit: string;
  source: string;
};

export type Group = {
  name: string;
  title: string;
};

export type Series = {
  series_id: number;
  site: string;
  vertical: string;
  device: string;
  quantity: string;
  title: string;
  unit: string;
  kind: string;
};

export type Observation = {
  time: string;
  value: number;
  state: string | null;
  quality: string;
  received_at: string;
  flags: string[];
  rejected: boolean;
};

export type State = "live" | "late" | "stale" | "silent" | "clock_wrong";

export type Device = {
  site: string;
  name: string;
  title: string;
  type: string;
  vertical: string;
  expected_interval_s: number;
  state: State;
  last_observed_at: string | null;
  values: LatestValue[];
};

export type LatestValue = {
  series_id: number;
  quantity: string;
  title: string;
  unit: string;
  kind: string;
  value: number | null;
  state: string | null;
};

export type DeviceNews = {
  name: string;
  state: State;
  last_observed_at: string | null;
  values: Record<string, number | string | null>;
};

export type Severity = "critical" | "major" | "minor" | "warning";

export type Alarm = {
  alarm_id: number;
  site: string;
  device: string;
  rule: string;
  device_title: string;
  title: string;
  severity: Severity;
  raised_at: string;
  cleared_at: string | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  detail: string;
  members: number;
  shelved_until: string | null;
  shelved_by: string | null;
  shelf_reason: string | null;
};

export type AlarmWithRemedy = Alarm & {
  city: string;
  remedy: string;
};

export type AlarmMember = {
  device: string;
  device_title: string;
  site: string;
};

export type AlarmNote = {
  at: string;
  by: string;
  action: string;
  text: string | null;
  until: string | null;
};

export type TouchedFigure = {
  value_id: number;
  kpi: string;
  title: string;
  site: string | null;
  group: string | null;
  period: string;
  period_start: string;
  value: number | null;
  unit: string;
  coverage: number;
  status: string;
  reason: string | null;
  devices: number;
};

export type LedgerEntry = {
  source: string;
  received: number;
  stored: number;
  duplicate: number;
  conflict: number;
  quarantined: number;
};

export type Kpi = {
  name: string;
  title: string;
  unit: string;
  formula: string;
  citation: string;
  periods: string[];
  vertical: string | null;
  has_hours: boolean;
  of_sites: boolean;
  missing: string | null;
};

export type KpiValue = {
  value_id: number | null;
  kpi: string;
  city: string;
  site: string | null;
  group: string | null;
  period: string;
  period_start: string;
  period_end: string;
  label: string | null;
  zone: string | null;
  value: number | null;
  lower: number | null;
  upper: number | null;
  unit: string;
  coverage: number;
  estimated_share: number | null;
  status: string;
  reason: string | null;
  through: string;
  factors: Record<string, unknown>[];
  inputs_hash: string;
  rule_version: string;
  code_version: string;
  revision: number | null;
  computed_at: string | null;
  superseded_at: string | null;
  cause: string | null;
  cause_detail: string | null;
  due: boolean;
};

export type LeftOut = {
  device: string;
  quantity: string;
  rejected: number;
};

export type KpiLineage = {
  value: KpiValue;
  inputs: Record<string, unknown>;
  inputs_withheld: string | null;
  revisions: KpiValue[];
  left_out: LeftOut[];
  boundaries: Boundary[] | null;
};

export type Boundary = {
  device: string;
  quantity: string;
  series_id: number;
  start: Edge;
  end: Edge;
};

export type Edge = {
  time: string;
  before: BoundaryReading | null;
  after: BoundaryReading | null;
};

export type BoundaryReading = {
  time: string;
  value: number;
};

export type KpiDifference = {
  period_start: string;
  period_end: string;
  before: KpiValue | null;
  after: KpiValue | null;
  change: number | null;
  why: string[];
};

export type Recomputation = {
  kpi: string;
  site: string | null;
  group: string | null;
  period: string;
  period_start: string;
  cause: string;
  changed: boolean;
  computed_at: string;
};

export type KpiTarget = {
  site: string | null;
  group: string | null;
  title: string;
  unit: string | null;
  better: string | null;
  status: string;
  year: number | null;
  is_early: boolean;
  reason: string | null;
  years: TargetYear[];
};

export type TargetYear = {
  year: number;
  goal: number | null;
  value: number | null;
};

export type NodeOfFlows = {
  key: string;
  title: string;
  stage: string;
  total: number;
};

export type FigureOfFlow = {
  kpi: string;
  title: string;
  value_id: number;
  value: number | null;
  unit: string;
};

export type FlowAnswer = {
  carrier: string;
  source: string;
  target: string;
  value: number | null;
  lower: number | null;
  upper: number | null;
  shown: number;
  is_residual: boolean;
  coverage: number;
  estimated_share: number | null;
  meters: number;
  known: number;
  reason: string | null;
  figures: FigureOfFlow[];
};

export type CarrierOfFlows = {
  carrier: string;
  notes: string[];
  refused: string | null;
};

export type CityFlows = {
  city: string;
  period: string;
  period_start: string;
  period_end: string;
  label: string;
  zone: string;
  through: string;
  unit: string;
  resolution: number;
  nodes: NodeOfFlows[];
  flows: FlowAnswer[];
  carriers: CarrierOfFlows[];
};

export type Hour = {
  start: string;
  end: string;
  sum: number | null;
  so_far: number | null;
  meters: number;
  known: number;
  provisional: boolean;
};

/** Of a series of a device; those of residuals have other buckets, and the console asks for none. */
export type Aggregates = {
  unit: string;
  items: Bucket[];
};

export type Bucket = {
  start: string;
  sum: number | null;
  lower: number | null;
  upper: number | null;
  mean: number | null;
  measured_share: number;
  interpolated_share: number | null;
  estimated_share: number | null;
  unknown_share: number | null;
  longest_gap_s: number | null;
  provisional: boolean;
  rejected: number;
  states: Record<string, number> | null;
  unknown_s: number | null;
};

export type Sender = {
  origin: string;
  last_received_at: string;
  messages: number;
  dropped: number;
};

export type SentMessage = {
  topic: string;
  payload: string;
};

export type Found = {
  sender: Sender;
  samples: SentMessage[];
  decoder: string | null;
  expected_interval: string | null;
  fields: FieldFound[];
  lines: string;
  notes: string[];
  faults: string[];
  is_declared: boolean;
  refused: string;
};

export type FieldFound = {
  device: string | null;
  field: string;
  quantity: string | null;
  is_fixed: boolean;
  unit: string | null;
  kind: string | null;
  first: number | null;
  last: number | null;
};

export type RefusedMessage = {
  quarantine_id: number;
  device: string | null;
  topic: string | null;
  reason: string;
  field: string | null;
  detail: string | null;
  readings: number;
  occurrences: number;
  is_summary: boolean;
  first_received_at: string;
  last_received_at: string;
  payload: string | null;
};

export type NotifiedReceiver = {
  receiver: string;
  ways: string[];
};

export type NotificationTrial = {
  trial_id: number;
  finished_at: string | null;
  lapsed: boolean;
  results: TrialOfWay[];
};

export type TrialOfWay = {
  receiver: string;
  way: string;
  told_at: string;
  trouble: string | null;
};

export type Replay = {
  replay_id: number;
  finished_at: string | null;
  messages: number;
  unchanged: number;
  stored: number;
  duplicate: number;
  conflict: number;
  quarantined: number;
  trouble: string | null;
};
