/**
 * Why an expression on the list of not-yet.txt is there in float32. `rounding`: the exact number moves about as much when the inputs are
 * rounded once as it is off, so that no evaluation in float32 of such inputs can promise more: a test works that out. `weight`: the entry of a
 * gradient is a weight below 1e-38, the smallest that float32 holds, times a slope of 1e10; the other entries of the row are of that size.
 */
export const LEFT: Readonly<Record<string, 'rounding' | 'weight' | { readonly open: string }>> = {
  rows_of_probabilities: 'rounding',
  random_7: { open: 'in ONNX a slope that is exactly 0, the difference of two equal weights, is 3.7e-9' },
  random_34: 'rounding',
  random_41: 'weight',
  random_52: {
    open: 'off by 1.4e-5 in a slope that is a difference of larger ones; rounding the inputs moves it by 3e-6',
  },
  random_83: 'weight',
  probit_log_mixture: 'rounding',
};
