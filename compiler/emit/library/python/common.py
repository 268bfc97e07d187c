"""What emitted Python modules carry along, whatever their framework. LOSS is the name of the loss."""
import math

LOSS = 'loss'
# Numbers of an operand that is made at once, half of what plan/tiles.ts has: several of its size lie beside each other here.
LARGEST_SLICE = 1048576


def _alike(shape, expected):
    """Whether two shapes are the same, as far as they are known; None stands for any length."""
    both = [(a, b) for a, b in zip(shape, expected) if isinstance(a, int) and isinstance(b, int)]
    return len(shape) == len(expected) and all(a == b for a, b in both)


def _shape(name, shape, expected):
    """The lengths of an input's axes, checked; None stands for any length."""
    if not _alike(shape, expected):
        wanted = ', '.join('any' if size is None else str(size) for size in expected)
        raise ValueError(f'{LOSS}: {name} has dimensions {list(shape)} where [{wanted}] is needed')
    return shape


def _merged(name, shape, before, after):
    """A shape with its middle dimensions made one."""
    if len(shape) <= before + after:
        raise ValueError(f'{LOSS}: {name} has dimensions {list(shape)}, more than {before + after} are needed')
    end = len(shape) - after
    return shape[:before] + (math.prod(shape[before:end]),) + shape[end:]


def _agreed(*shapes):
    """The shape of the items that all inputs share. A last dimension of 1 that some have and others lack is dropped."""
    items = min((shape for _, shape in shapes), key=len)
    if not all(_alike(shape, items) or _alike(shape, items + (1,)) for _, shape in shapes):
        given = ', '.join(f'{list(shape)} in {name}' for name, shape in shapes)
        raise ValueError(f'{LOSS}: the inputs do not go together: items are {given}')
    return items


def _in_slices(parts, axis, join, reduce):
    """A reduction of an operand that may be too large to be held: from one slice of its parts after the other."""
    sizes = list(zip(*(part.shape for part in parts)))
    length = max(sizes[axis]) if all(isinstance(size, int) for each in sizes for size in each) else 1
    step = max(1, LARGEST_SLICE * length // max(1, math.prod(max(each) for each in sizes))) if length > 1 else 1
    if length <= step:
        return reduce(*parts)
    total = None
    for start in range(0, length, step):
        cut = (slice(None),) * axis + (slice(start, start + step),)
        part = reduce(*(x if x.shape[axis] == 1 else x[cut] for x in parts))
        total = part if total is None else join(total, part)
    return total


def _chebyshev(coefficients, t):
    """The sum of a Chebyshev series."""
    total, last = 0 * t, 0 * t
    for c in reversed(coefficients[1:]):
        total, last = 2 * t * total - last + c, total
    return t * total - last + coefficients[0]


def _scaled_erfc(x):
    """exp(x^2) * erfc(x) for x >= 0: a Chebyshev series in (x - 3) / (x + 3)."""
    series = (
        1.17756257419656, 0.005353904539615676, -0.09377550342284209, 0.05436652555744322,
        -0.018976596707845208, 0.004453426061462712, -0.0006335531710553147, 1.7661719523171593e-5,
        1.2841532864056671e-5, -2.0072285659059913e-6, -1.807522790414837e-7, 7.549828343825093e-8,
        1.885668523838603e-9, -2.699519049798364e-9, -1.460079119939105e-11, 1.0361607445969489e-10,
        1.475715976623473e-12, -4.277340064396911e-12, -2.07922492859799e-13, 1.8134502003176963e-13,
        1.973425574544739e-14, -7.287943737592673e-15, -1.5169878690228116e-15, 2.3514112258781403e-16,
        1.0006111691821667e-16,
    )
    return _chebyshev(series, 1 - 6 / (x + 3)) / (1 + 2 * x)


def _scaled_slope(x):
    """The derivative of exp(x^2) * erfc(x) for x >= 0, in the same way."""
    series = (
        2.200232774538129, 0.3923925876786969, -0.49251525885297887, 0.18456782022158594,
        -0.021957713708356103, -0.011176725563987367, 0.006688633816684982, -0.001628964165161042,
        0.00012928967973167008, 3.524340197409341e-5, -9.35343864327909e-6, -3.7210774387073354e-7,
        3.9425336829282767e-7, -6.470771520685845e-9, -1.6343728435430187e-8, 5.705368971003257e-10,
        7.327454731840939e-10, -1.694415974955691e-11, -3.535303909683819e-11, -5.535136252347178e-13,
        1.7481756873156016e-12, 1.3706968413312195e-13, -8.223566592063278e-14, -1.4184630648871465e-14,
        3.2258269721295812e-15, 1.124050031422965e-15, -6.173596904574128e-17,
    )
    return -_chebyshev(series, 1 - 6 / (x + 3)) / (1 + 2 * x) / (1 + 2 * x)


def _bessel_near(quarter):
    """I0(x) - 1 and I1(x) / (x / 2), for x^2 / 4 up to 6.25, by their power series."""
    zeroth = first = 1 + 0 * quarter
    for k in range(20, 0, -1):
        zeroth = zeroth if k == 1 else 1 + zeroth * quarter / (k * k)
        first = 1 + first * quarter / (k * (k + 1))
    return quarter * zeroth, first


def _bessel_far(x):
    """exp(-x) * I0(x) for x of at least 5: a Chebyshev series in 10 / x - 1."""
    series = (
        0.4044577340778298, 0.005714768941910546, 0.0002158110355137304, 1.874401752351061e-5,
        2.5299292200895426e-6, 2.536747313503637e-7, -6.20321645950703e-8, -4.24631487119005e-8,
        -7.141085056396496e-9, 2.5529165900900583e-9, 1.3111237009021282e-9, -1.0552892965645104e-10,
        -1.8282568165033073e-10, 6.651167526023608e-13, 2.6796603880873592e-11, 8.622090329960496e-14,
        -4.3162682426999045e-12, 2.1925999437288665e-13, 7.339990557349338e-13, -1.1939511126902364e-13,
        -1.2077686915117657e-13, 4.200743904476618e-14, 1.625747482568938e-14, -1.1812308576095616e-14,
        -7.389906027207647e-16, 2.6929443788778106e-15, -5.464859882646725e-16, -4.444385181780808e-16,
        2.565113027970257e-16, 2.1603016149176247e-17, -6.744288631838513e-17, 1.829522066121314e-17,
        9.74195238477375e-18, -8.195036857832312e-18,
    )
    return _chebyshev(series, 10 / x - 1) / x**0.5


def _gap_near(x):
    """1 - I1(x) / I0(x) for x up to 5: a Chebyshev series in 2 * x / 5 - 1."""
    series = (
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
    )
    return _chebyshev(series, 0.4 * x - 1)


def _gap_far(x):
    """1 - I1(x) / I0(x) for x of at least 5: a Chebyshev series in 10 / x - 1."""
    series = (
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
    )
    return _chebyshev(series, 10 / x - 1) / x


def _bend_near(order, x):
    """The order-th derivative of log(I0(x)), from the second on, for x up to 5."""
    series = (
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
    )
    for _ in range(2, order):
        series = [0.4 * c for c in _chebyshev_slope(series)]
    return _chebyshev(series, 0.4 * x - 1)


def _bend_far(order, x):
    """The order-th derivative of log(I0(x)), from the second on, for x of at least 5."""
    series = (
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
    )
    for n in range(2, order):
        slope = _chebyshev_slope(series)
        # (1 + t) times the slope: t * T0 = T1, and 2 * t * Tk = T(k + 1) + T(k - 1).
        moved = [0, slope[0], *(c / 2 for c in slope[1:-1])]
        product = [a + b + c / 2 for a, b, c in zip(slope, moved, [*slope[1:], 0])]
        series = [-a - n * c for a, c in zip(product, series)]
    total = _chebyshev(series, 10 / x - 1)
    for _ in range(order):
        total = total / x
    return total


def _chebyshev_slope(series):
    """The derivative of a Chebyshev series, as one of the same length."""
    slope = [0.0] * (len(series) + 1)
    for k in range(len(series) - 1, 0, -1):
        slope[k - 1] = slope[k + 1] + 2 * k * series[k]
    slope[0] /= 2
    return slope[:-1]
