/** Standard losses that a classifier's data and network cannot feed, with what each takes that is not there. */
import type { Refusal } from '../../src/runtime/feeding/refusals.js';

type Kind = Exclude<
  Refusal,
  | 'parameter domain'
  | 'shape of a parameter'
  | 'unknown parameter'
  | 'no progress'
  | 'given progress'
  | 'unknown progress'
>;

/** What stands behind "and" in the sentence, by kind. */
export const GIVEN: { readonly [K in Kind]: string } = {
  'no target': 'the data gives it labels to learn',
  'several predictions': 'a network gives one',
  'no mean and variance': 'a network gives a mean and a variance',
  'several data': 'the data gives one, the labels',
  'prediction domain': 'the output of a network is any number',
  'target domain': 'labels become rows of 0 and 1',
  'axes of the prediction': 'a network gives one number for each class',
  'axes of the target': 'the data gives both one number for each class',
  'fixed size': 'the data has 5 classes',
  'size of a parameter': 'the data has 5 classes',
  'missing parameter': 'no value is given',
  'no gradient': 'training needs a gradient',
  'no class': 'accuracy takes the largest as the answer',
};

const quoted = (names: string): string =>
  names
    .split(' ')
    .map((name) => `"${name}"`)
    .join(', ');
const predictions = (names: string): string =>
  `it takes ${names.split(' ').length} predictions (${quoted(names)})`;
const data = (names: string): string =>
  `it takes ${names.split(' ').length} inputs of data (${quoted(names)})`;
const domain = (name: string, of: string): string => `its prediction "${name}" is ${of}`;
const axes = (target: string, prediction: string): string =>
  `its target "${target}" and its prediction "${prediction}" have different axes`;
const noClass = (name: string): string => `it does not say which number of "${name}" belongs to which class`;
const NO_TARGET = 'it takes no target';
const BOXES = 'its axis "box" has 4 entries';

/** Each by its name: the kind of refusal, and what the loss takes. */
export const REFUSED: { readonly [K in Kind]?: Readonly<Record<string, string>> } = {
  'no target': {
    gan_generator: NO_TARGET,
    gradient_penalty: NO_TARGET,
    hinge_gan_generator: NO_TARGET,
    lsgan_generator: NO_TARGET,
    total_variation: NO_TARGET,
    wasserstein_generator: NO_TARGET,
  },
  'several predictions': {
    alignment_uniformity: predictions('left right'),
    alpha_po: predictions('chosen rejected'),
    apo_down: predictions('chosen rejected'),
    apo_zero: predictions('chosen rejected'),
    aqfl: predictions('chosen rejected'),
    aql: predictions('chosen rejected'),
    barlow_twins: predictions('left right'),
    bco_pair: predictions('chosen rejected'),
    beta_nll: predictions('center variance'),
    beta_vae: predictions('prediction center log_variance'),
    bpr: predictions('preferred other'),
    cell: predictions('chosen rejected'),
    clip_loss: predictions('image text'),
    contrastive: predictions('left right'),
    coral_domain: predictions('left right'),
    cosine_embedding: predictions('left right'),
    cpo: predictions('chosen rejected'),
    crps_gaussian: predictions('center scale'),
    dbaql: predictions('chosen rejected'),
    dcl: predictions('left right'),
    discopop: predictions('chosen rejected'),
    dpo: predictions('chosen rejected'),
    evidential_regression: predictions('gamma nu alpha beta'),
    exo_pair: predictions('chosen rejected'),
    f_dpo_alpha: predictions('chosen rejected'),
    f_dpo_forward_kl: predictions('chosen rejected'),
    f_dpo_js: predictions('chosen rejected'),
    gan_discriminator: predictions('real_score fake_score'),
    gaussian_nll: predictions('center variance'),
    gjs: predictions('prediction view'),
    hinge_gan_discriminator: predictions('real_score fake_score'),
    info_nce: predictions('query key'),
    interval_score: predictions('low high'),
    ipo: predictions('chosen rejected'),
    laplace_nll: predictions('center scale'),
    length_normalized_dpo: predictions('chosen rejected'),
    lsgan_discriminator: predictions('real_score fake_score'),
    margin_ranking: predictions('left right'),
    mdn: predictions('weight center scale'),
    mmd: predictions('left right'),
    n_pair: predictions('anchor positive'),
    nca_pair: predictions('chosen rejected'),
    negative_binomial: predictions('mean_count shape'),
    orpo: predictions('chosen_nll rejected_nll'),
    padll: predictions('chosen rejected'),
    pfl: predictions('chosen rejected'),
    policy_gradient: predictions('log_probability entropy'),
    relativistic_gan: predictions('real_score fake_score'),
    robust_dpo: predictions('chosen rejected'),
    siglip: predictions('left right'),
    simpo: predictions('chosen rejected'),
    simsiam: predictions('p1 p2 z1 z2'),
    slic: predictions('chosen rejected'),
    sppo_hard: predictions('chosen rejected'),
    student_t_nll: predictions('center scale'),
    triplet: predictions('anchor positive negative'),
    vae_kl: predictions('center log_variance'),
    vicreg: predictions('left right'),
    vq_commitment: predictions('encoded code'),
    wasserstein_critic: predictions('real_score fake_score'),
    weibull_nll: predictions('scale shape'),
  },
  'several data': {
    cispo: data('advantage old_log_probability'),
    cox: data('time event'),
    cse_a_classification: data('target quality'),
    cse_b_classification: data('target quality'),
    dapo: data('advantage mask old_log_probability'),
    discovered_policy: data('advantage old_log_probability'),
    distillation: data('target teacher'),
    dkd: data('target teacher'),
    dqn_clipped: data('action reward done next'),
    dqn_reg: data('action reward done next'),
    dr_grpo: data('advantage mask old_log_probability'),
    grpo: data('advantage old_log_probability reference'),
    gspo: data('advantage mask old_log_probability'),
    kto: data('desirable reference kl'),
    logistic_hazard: data('interval event'),
    luspo: data('advantage mask old_log_probability'),
    masked_cross_entropy: data('target mask'),
    min_snr: data('target snr'),
    mixup: data('first second share'),
    ppo: data('advantage old_log_probability'),
    q_learning: data('action reward done next'),
    sapo: data('advantage old_log_probability'),
    token_cross_entropy: data('target mask'),
    unlikelihood: data('target negative'),
    vespo: data('advantage mask old_log_probability'),
  },
  'prediction domain': {
    arcface: domain('prediction', 'between(-1, 1)'),
    cosface: domain('prediction', 'between(-1, 1)'),
    evidential: domain('evidence', 'nonnegative'),
    gamma_nll: domain('prediction', 'positive'),
    itakura_saito: domain('prediction', 'positive'),
    msle: domain('prediction', 'nonnegative'),
    poisson: domain('prediction', 'positive'),
    poisson_full: domain('prediction', 'positive'),
    silog: domain('prediction', 'positive'),
    tweedie: domain('prediction', 'positive'),
  },
  'axes of the prediction': {
    generalized_dice: 'its prediction "prediction" has the axes pixel, class',
    multiclass_dice: 'its prediction "prediction" has the axes pixel, class',
  },
  'axes of the target': {
    center_loss: axes('target', 'prediction'),
    distribution_focal: axes('target', 'prediction'),
    gaussian_nll_packed: axes('target', 'prediction'),
    hl_gauss: axes('target', 'prediction'),
    proxy_anchor: axes('target', 'prediction'),
    proxy_nca: axes('target', 'prediction'),
    quantile_huber: axes('target', 'prediction'),
    quantiles: axes('target', 'prediction'),
    soft_triple: axes('target', 'prediction'),
  },
  'fixed size': {
    alpha_iou: BOXES,
    bounded_iou: BOXES,
    ciou: BOXES,
    cse_a_regression: BOXES,
    cse_b_regression: BOXES,
    diou: BOXES,
    eiou: BOXES,
    giou: BOXES,
    iou: BOXES,
    log_iou: BOXES,
    mpdiou: BOXES,
    nwd: BOXES,
  },
  'no gradient': { taylor3: 'its derivative with respect to "prediction" is 0' },
  'no class': {
    angular: noClass('embedding'),
    circle: noClass('embedding'),
    multi_similarity: noClass('embedding'),
    soft_nearest_neighbor: noClass('embedding'),
    sup_con: noClass('embedding'),
    triplet_hard: noClass('embedding'),
  },
};

/** Values for parameters that have no default, for five classes. */
export const PARAMETERS: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  class_balanced: { count: [9, 5, 5, 3, 1] },
  ldam: { count: [9, 5, 5, 3, 1] },
  logit_adjusted: { prior: [0.4, 0.2, 0.2, 0.1, 0.1] },
};
