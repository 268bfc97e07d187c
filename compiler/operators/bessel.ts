/**
 * Modified Bessel functions of orders 0 and 1 and what is made of them, in float64: for the reference evaluator, constant folding, and as
 * text for the numbers of emitted code, where the functions of `elementary/` are the engine's. Relative error below 3e-15.
 * Up to 5 in size I0 and I1 are their power series, of positive terms (Abramowitz and Stegun 9.6.10); the other series
 * are Chebyshev's, worked out to 80 digits by `test/scripts/bessel-coefficients.py`.
 */
import { exp } from '../elementary/exponential.js';
import { log, log1p } from '../elementary/logarithm.js';

/** I0(x) - 1 and I1(x) / (x / 2), for x^2 / 4 up to 6.25. */
export function besselNear(quarter: number): readonly [number, number] {
  let [zeroth, first] = [1, 1];
  for (let k = 20; k >= 1; k--) {
    if (k > 1) zeroth = 1 + (zeroth * quarter) / (k * k);
    first = 1 + (first * quarter) / (k * (k + 1));
  }
  return [quarter * zeroth, first];
}

/** sqrt(x) * exp(-x) * I0(x) for x of at least 5: a series in 10 / x - 1. */
export function scaledFar(): readonly number[] {
  return [
    0.4044577340778298, 0.005714768941910546, 0.0002158110355137304, 1.874401752351061e-5,
    2.5299292200895426e-6, 2.536747313503637e-7, -6.20321645950703e-8, -4.24631487119005e-8,
    -7.141085056396496e-9, 2.5529165900900583e-9, 1.3111237009021282e-9, -1.0552892965645104e-10,
    -1.8282568165033073e-10, 6.651167526023608e-13, 2.6796603880873592e-11, 8.622090329960496e-14,
    -4.3162682426999045e-12, 2.1925999437288665e-13, 7.339990557349338e-13, -1.1939511126902364e-13,
    -1.2077686915117657e-13, 4.200743904476618e-14, 1.625747482568938e-14, -1.1812308576095616e-14,
    -7.389906027207647e-16, 2.6929443788778106e-15, -5.464859882646725e-16, -4.444385181780808e-16,
    2.565113027970257e-16, 2.1603016149176247e-17, -6.744288631838513e-17, 1.829522066121314e-17,
    9.74195238477375e-18, -8.195036857832312e-18,
  ];
}

/** 1 - I1(x) / I0(x): a series in 2 * x / 5 - 1 for x up to 5, and above, times x, in 10 / x - 1. */
export function besselGap(isFar: boolean): readonly number[] {
  return isFar
    ? [
        0.5152461296017702, 0.016365873508417072, 0.001272706956938332, 0.0001776165887971479,
        2.5794044412296514e-5, -5.93839232275575e-7, -2.5158834968417714e-6, -8.347802911110163e-7,
        2.9100733801594283e-8, 1.0673738842133836e-7, 1.6733141268973145e-8, -1.2228539774727326e-8,
        -3.721773306457704e-9, 1.6339480595106623e-9, 6.488014264382431e-10, -2.7734968934918876e-10,
        -1.037216287926381e-10, 5.707185692668641e-11, 1.413174653601289e-11, -1.2732322726846162e-11,
        -9.663633207147893e-13, 2.7666505638445203e-12, -3.280874887467383e-13, -5.23888717345052e-13,
        1.948214768108724e-13, 6.791215886739423e-14, -6.31252145031301e-14, 2.582934585002323e-15,
        1.4182669022657338e-14, -5.249908273461096e-15, -1.6827765287583668e-15, 1.9115498892106525e-15,
        -2.8782436823886134e-16, -3.7906812794768266e-16, 2.27354667397177e-16, 5.4411871623964345e-18,
        -6.307048590893444e-17, 2.6401873866905507e-17, 5.262717749077279e-18, -9.763102801889072e-18,
      ]
    : [
        0.39283503650759893, -0.41088802836020255, 0.16124170979308555, -0.04041840307661584,
        0.0012480331856047895, 0.004278355893965779, -0.002118252881794372, 0.00042445391447402296,
        7.542901068277246e-5, -8.717690622402978e-5, 2.9449993206710336e-5, -2.189498605898698e-6,
        -2.71498832986111e-6, 1.4818631702997605e-6, -3.192838183203581e-7, -4.340801521572001e-8,
        5.924020998142052e-8, -2.091252514769378e-8, 1.889629255784345e-9, 1.7753541164400854e-9,
        -1.0258024464355148e-9, 2.3410163937485966e-10, 2.4201468428153976e-11, -4.00422284064076e-11,
        1.477907463974175e-11, -1.563705084120763e-12, -1.1531455359165857e-12, 7.083651321499573e-13,
        -1.707676742885697e-13, -1.2661617524798828e-14, 2.698924586764009e-14, -1.0417997520287058e-14,
        1.2570130855639777e-15, 7.440634338040873e-16, -4.880937033923147e-16, 1.239828370626425e-16,
        5.9154922689141776e-18, -1.8137725258399432e-17, 7.32565243696855e-18,
      ];
}

/**
 * The order-th derivative of log(I0(x)), from the second on: a series in 2 * x / 5 - 1 for x up to 5, and above, times x^order, in
 * 10 / x - 1. Those after the second are the series of the second, differentiated.
 */
export function besselBend(order: number, isFar: boolean): readonly number[] {
  let series: readonly number[] = isFar
    ? [
        0.5347707421194638, 0.039049225035387214, 0.0050447710616147385, 0.0008714170132054469,
        8.356852477996578e-5, -4.302634035241448e-5, -2.6883887474552177e-5, -4.264021249993681e-6,
        2.210515942283289e-6, 1.0947102306982337e-6, -1.23261924935908e-7, -1.8504108114733931e-7,
        2.6409025204233567e-9, 3.141657879024557e-8, 1.0688741339913439e-10, -5.74223833228587e-9,
        2.5118112919072105e-10, 1.101299107838586e-9, -1.6623400795398846e-10, -2.0555538305500246e-10,
        6.745197457550177e-11, 3.2412593033621944e-11, -2.1563882107275997e-11, -2.4923180845098723e-12,
        5.600117165121311e-12, -9.003115679679609e-13, -1.0878973359419582e-12, 5.493271564324943e-13,
        9.40729244406812e-14, -1.702270455594709e-13, 3.60707219783546e-14, 3.089029769354439e-14,
        -2.1356743345791788e-14, 2.716409004164817e-16, 5.657253226530851e-15, -2.485160495891822e-15,
        -4.73576226925388e-16, 9.095642924965883e-16, -2.884274711616803e-16, -1.2267555690390947e-16,
        1.4319574479178033e-16, -3.571570153133798e-17, -2.3953819356406646e-17, 2.3101019769797674e-17,
        -5.0911842478265926e-18, -4.2343070360895524e-18,
      ]
    : [
        0.20342826482610532, -0.25250230353262115, 0.07814610696404863, 0.005484432136315709,
        -0.01885806041982938, 0.009478138330251035, -0.0017446368439662618, -0.0006894755023619491,
        0.000632305077088267, -0.00020672983399220543, 4.63135227525247e-6, 2.8870111661477248e-5,
        -1.4636235456656072e-5, 2.8062236948105924e-6, 7.751415144614365e-7, -7.697550703774182e-7,
        2.5424533187279635e-7, -1.1480382615235577e-8, -3.0165010135839047e-8, 1.573027866805899e-8,
        -3.1796275659497517e-9, -6.825604749092475e-10, 7.532799755478903e-10, -2.566146305737376e-10,
        1.6502972869990493e-11, 2.7143602509303987e-11, -1.477112881242477e-11, 3.158175362239002e-12,
        5.295580420143093e-13, -6.670205418249594e-13, 2.3580851543897653e-13, -1.9278641001597253e-14,
        -2.2557823064142464e-14, 1.2900893988840574e-14, -2.9145484117145607e-15, -3.752547434303873e-16,
        5.569710260394295e-16, -2.0488856608565895e-16, 2.0094358390806372e-17, 1.781126799818495e-17,
        -1.076269300670499e-17,
      ];
  for (let n = 2; n < order; n++) {
    const slope = series.map(() => 0);
    for (let k = series.length - 1; k >= 1; k--)
      slope[k - 1] = ((slope[k + 1] ?? 0) + 2 * k * series[k]!) / (k === 1 ? 2 : 1);
    // (1 + t) times the slope: t * T0 = T1, and 2 * t * Tk = T(k + 1) + T(k - 1).
    const product = slope.map(
      (c, k) => c + (slope[k - 1] ?? 0) / (k === 1 ? 1 : 2) + (slope[k + 1] ?? 0) / 2,
    );
    series = series.map((c, k) => (isFar ? -product[k]! - n * c : 0.4 * slope[k]!));
  }
  return series;
}

/** The sum of a Chebyshev series. */
export function chebyshev(series: readonly number[], t: number): number {
  let [sum, last] = [0, 0];
  for (let k = series.length - 1; k > 0; k--) [sum, last] = [2 * t * sum - last + series[k]!, sum];
  return t * sum - last + series[0]!;
}

/** exp(-|x|) * I0(x). */
export function i0e(x: number): number {
  const a = Math.abs(x);
  if (a < 5) return exp(-a) * (1 + besselNear((a * a) / 4)[0]);
  return chebyshev(scaledFar(), 10 / a - 1) / Math.sqrt(a);
}

/** I0(x), in steps that do not overflow before it does. */
export function i0(x: number): number {
  const a = Math.min(Math.abs(x), 1e300);
  if (a < 5) return 1 + besselNear((a * a) / 4)[0];
  return exp(a / 2) * (i0e(a) * exp(a / 2));
}

/** 1 - I1(x) / I0(x) for x >= 0. */
export function ratioGap(x: number): number {
  return x < 5 ? chebyshev(besselGap(false), 0.4 * x - 1) : chebyshev(besselGap(true), 10 / x - 1) / x;
}

/** The order-th derivative of log(I0(x)); order 0 is the logarithm itself, and order 1 is I1(x) / I0(x). */
export function logI0(order: number, x: number): number {
  const a = Math.abs(x);
  const [near, ratio] = besselNear(Math.min(a * a, 25) / 4);
  if (order === 0) return a < 5 ? log1p(near) : a + log(i0e(Math.min(a, 1e300)));
  const side = order % 2 === 0 ? 1 : Math.sign(x);
  if (order === 1) return side * (a < 5 ? ((a / 2) * ratio) / (1 + near) : 1 - ratioGap(a));
  if (a < 5) return side * chebyshev(besselBend(order, false), 0.4 * a - 1);
  let bend = side * chebyshev(besselBend(order, true), 10 / a - 1);
  for (let n = 0; n < order; n++) bend /= a;
  return bend;
}

/** The order-th derivative of log(I0(x)) - |x|, which keeps its digits where the logarithm is nearly |x|. */
export function logI0e(order: number, x: number): number {
  const a = Math.abs(x);
  if (order === 0) return a < 2 ? logI0(0, a) - a : log(i0e(a));
  return order === 1 ? -Math.sign(x) * ratioGap(a) : logI0(order, x);
}
