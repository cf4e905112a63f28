using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Functions of one variable.
    public partial class Tensor
    {
        public Tensor abs() => aten("abs", this);
        public Tensor abs_() => aten_("abs_", this);
        public Tensor absolute() => aten("absolute", this);
        public Tensor absolute_() => aten_("absolute_", this);
        public Tensor ceil() => aten("ceil", this);
        public Tensor ceil_() => aten_("ceil_", this);
        public Tensor floor() => aten("floor", this);
        public Tensor floor_() => aten_("floor_", this);
        public Tensor round(long decimals = 0) => decimals == 0 ? aten("round", this) : aten("round.decimals", this, decimals);
        public Tensor round_(long decimals = 0) => decimals == 0 ? aten_("round_", this) : aten_("round_.decimals", this, decimals);
        public Tensor trunc() => aten("trunc", this);
        public Tensor trunc_() => aten_("trunc_", this);
        public Tensor fix() => aten("fix", this);
        public Tensor fix_() => aten_("fix_", this);
        public Tensor frac() => aten("frac", this);
        public Tensor frac_() => aten_("frac_", this);
        public Tensor sign() => aten("sign", this);
        public Tensor sign_() => aten_("sign_", this);
        public Tensor sgn() => aten("sgn", this);
        public Tensor sgn_() => aten_("sgn_", this);
        public Tensor signbit() => aten("signbit", this);
        public Tensor exp() => aten("exp", this);
        public Tensor exp_() => aten_("exp_", this);
        public Tensor exp2() => aten("exp2", this);
        public Tensor exp2_() => aten_("exp2_", this);
        public Tensor expm1() => aten("expm1", this);
        public Tensor expm1_() => aten_("expm1_", this);
        public Tensor log() => aten("log", this);
        public Tensor log_() => aten_("log_", this);
        public Tensor log10() => aten("log10", this);
        public Tensor log10_() => aten_("log10_", this);
        public Tensor log1p() => aten("log1p", this);
        public Tensor log1p_() => aten_("log1p_", this);
        public Tensor log2() => aten("log2", this);
        public Tensor log2_() => aten_("log2_", this);
        public Tensor logaddexp(Tensor other) => aten("logaddexp", this, other);
        public Tensor logaddexp2(Tensor other) => aten("logaddexp2", this, other);
        public Tensor logit(double? eps = null) => aten("logit", this, eps);
        public Tensor logit_(double? eps = null) => aten_("logit_", this, eps);
        public Tensor erf() => aten("erf", this);
        public Tensor erf_() => aten_("erf_", this);
        public Tensor erfc() => aten("erfc", this);
        public Tensor erfc_() => aten_("erfc_", this);
        public Tensor erfinv() => aten("erfinv", this);
        public Tensor erfinv_() => aten_("erfinv_", this);
        public Tensor digamma() => aten("digamma", this);
        public Tensor digamma_() => aten_("digamma_", this);
        public Tensor lgamma() => aten("lgamma", this);
        public Tensor lgamma_() => aten_("lgamma_", this);
        public Tensor polygamma(long p) => aten("polygamma", p, this);
        public Tensor polygamma_(long p) => aten_("polygamma_", this, p);
        public Tensor mvlgamma(long p) => aten("mvlgamma", this, p);
        public Tensor mvlgamma_(long p) => aten_("mvlgamma_", this, p);
        public Tensor igamma(Tensor other) => aten("igamma", this, other);
        public Tensor igammac(Tensor other) => aten("igammac", this, other);
        public Tensor i0() => aten("i0", this);
        public Tensor i0_() => aten_("i0_", this);
        public Tensor sinc() => aten("sinc", this);
        public Tensor sinc_() => aten_("sinc_", this);
        public (Tensor Mantissa, Tensor Exponent) frexp() => aten2("frexp.Tensor", this);
        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) => aten("nan_to_num", this, nan, posinf, neginf);
        public Tensor nan_to_num_(double nan = 0, double? posinf = null, double? neginf = null) => aten_("nan_to_num_", this, nan, posinf, neginf);
        public Tensor deg2rad() => aten("deg2rad", this);
        public Tensor deg2rad_() => aten_("deg2rad_", this);
        public Tensor rad2deg() => aten("rad2deg", this);
        public Tensor rad2deg_() => aten_("rad2deg_", this);
        public Tensor threshold(Scalar threshold, Scalar value) => aten("threshold", this, threshold, value);
        public Tensor threshold_(Scalar threshold, Scalar value) => aten_("threshold_", this, threshold, value);
    }
}
