/** How far a result may be off beyond 1e-5 of its size, and why float32 does not reach further. */
export interface Allowance {
  readonly value?: number;
  readonly gradient?: number;
  readonly why: string;
}

const CERTAIN = 'slopes of the order of 1 cancel where the prediction is certain, and what is left is tiny';
const NEAR_EQUAL = 'the result is a small difference of nearly equal numbers that were rounded before';
const CERTAIN_OR_HUGE = `${CERTAIN}; and squares of logits of 1e30 leave float32`;
const UNDERFLOW = 'an intermediate result is below the smallest float32';

export const ALLOWANCES: Readonly<Record<string, Allowance>> = {
  anl_ce: { gradient: 5e-8, why: CERTAIN_OR_HUGE },
  anl_ce_er: { gradient: 5e-8, why: CERTAIN_OR_HUGE },
  anl_fl: { gradient: 5e-8, why: CERTAIN_OR_HUGE },
  apo_down: { gradient: 1e-8, why: NEAR_EQUAL },
  bootstrap_soft: { gradient: 3e-8, why: CERTAIN },
  brier: { gradient: 5e-8, why: CERTAIN },
  confidence_penalty: { value: 5e-9, gradient: 3e-8, why: CERTAIN },
  emd2: { gradient: 5e-8, why: CERTAIN },
  hellinger: { gradient: 2e-8, why: CERTAIN },
  js: { value: 2e-8, gradient: 2e-8, why: CERTAIN },
  listmle: { value: 1e-7, gradient: 1e-8, why: NEAR_EQUAL },
  listnet: { gradient: 5e-8, why: NEAR_EQUAL },
  log_min: { value: 5e-7, gradient: 5e-8, why: NEAR_EQUAL },
  max_r: { gradient: 1e-33, why: UNDERFLOW },
  mdn: { value: 2e-7, gradient: 3e-8, why: NEAR_EQUAL },
  mmd: { value: 2e-8, why: NEAR_EQUAL },
  multiclass_dice: { gradient: 1e-28, why: UNDERFLOW },
  nce: { gradient: 1e-8, why: CERTAIN_OR_HUGE },
  nce_ael: { gradient: 1e-8, why: CERTAIN_OR_HUGE },
  nce_agce: { gradient: 1e-8, why: CERTAIN_OR_HUGE },
  nce_aue: { gradient: 1e-8, why: CERTAIN_OR_HUGE },
  nce_rce: { gradient: 1e-6, why: CERTAIN },
  nfl: { gradient: 1e-8, why: CERTAIN_OR_HUGE },
  ngce: { gradient: 1e-8, why: CERTAIN },
  ngl: { gradient: 2e-7, why: CERTAIN },
  poisson_log: { gradient: 3e-8, why: NEAR_EQUAL },
  probability_mae: { gradient: 5e-8, why: CERTAIN },
  proxy_nca: { value: 2e5, why: 'squared distances of 1e12 are rounded to 65536' },
  rce: { gradient: 1e-6, why: CERTAIN },
  reverse_kl: { value: 5e-8, gradient: 1e-6, why: CERTAIN },
  sce: { gradient: 5e-9, why: CERTAIN },
  sibsau_a: { gradient: 1e-7, why: CERTAIN },
  sibsau_b: { value: 2e-5, gradient: 5e-7, why: CERTAIN },
  skew_reverse_kl: { value: 2e-8, gradient: 2e-8, why: CERTAIN },
  soft_nearest_neighbor: { value: 1e-32, why: UNDERFLOW },
  spherical: { gradient: 1e-13, why: CERTAIN },
  sum_r: { gradient: 1e-33, why: UNDERFLOW },
  sup_con: { value: 2e-6, why: NEAR_EQUAL },
  taylor_cross_entropy: { gradient: 2e-8, why: CERTAIN },
  taylor_glo_cross_entropy: { gradient: 2e-7, why: CERTAIN },
  taylor_glo_early: { gradient: 2e-7, why: CERTAIN },
  taylor_glo_mnist: { gradient: 2e-4, why: CERTAIN },
  vae_kl: { value: 1e-10, why: NEAR_EQUAL },
  weighted_js: { gradient: 2e-8, why: CERTAIN },
  weibull_nll: { gradient: 2e-8, why: NEAR_EQUAL },
};

/** Losses that may be infinite where the exact number is beyond float32, which others answer with a large one. */
export const INFINITE: Readonly<Record<string, string>> = {
  discovered_policy: 'as grpo: a ratio ends at exp(85), and an advantage of 1e3 times it leaves float32',
  grpo: 'its exponential ends at exp(85), 8e36, and an advantage of 1e3 times it leaves float32: the exact value is 1e197',
};
