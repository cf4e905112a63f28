using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // What the signs of arithmetic do, and powers.
    public partial class Tensor
    {
        public Tensor add(Scalar scalar) => aten("add.Scalar", this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => aten("add.Scalar", this, scalar, alpha);
        public Tensor add(Tensor target) => aten("add.Tensor", this, target);
        public Tensor add(Tensor target, Scalar alpha) => aten("add.Tensor", this, target, alpha);
        public Tensor add_(Scalar scalar) => aten_("add_.Scalar", this, scalar);
        public Tensor add_(Scalar scalar, Scalar alpha) => aten_("add_.Scalar", this, scalar, alpha);
        public Tensor add_(Tensor target) => aten_("add_.Tensor", this, target);
        public Tensor add_(Tensor target, Scalar alpha) => aten_("add_.Tensor", this, target, alpha);
        public Tensor sub(Scalar target) => aten("sub.Scalar", this, target);
        public Tensor sub(Tensor target) => aten("sub.Tensor", this, target);
        public Tensor sub_(Scalar target) => aten_("sub_.Scalar", this, target);
        public Tensor sub_(Tensor target) => aten_("sub_.Tensor", this, target);
        public Tensor subtract(Scalar target) => aten("subtract.Scalar", this, target);
        public Tensor subtract(Tensor target) => aten("subtract.Tensor", this, target);
        public Tensor subtract_(Scalar target) => aten_("subtract_.Scalar", this, target);
        public Tensor subtract_(Tensor target) => aten_("subtract_.Tensor", this, target);
        public Tensor mul(Scalar target) => aten("mul.Scalar", this, target);
        public Tensor mul(Tensor target) => aten("mul.Tensor", this, target);
        public Tensor mul_(Scalar target) => aten_("mul_.Scalar", this, target);
        public Tensor mul_(Tensor target) => aten_("mul_.Tensor", this, target);
        public Tensor multiply(Scalar target) => aten("multiply.Scalar", this, target);
        public Tensor multiply(Tensor target) => aten("multiply.Tensor", this, target);
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? aten("div.Scalar", this, target) : aten("div.Scalar_mode", this, target, rounding_mode.ToString());
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? aten("div.Tensor", this, target) : aten("div.Tensor_mode", this, target, rounding_mode.ToString());
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? aten_("div_.Scalar", this, target) : aten_("div_.Scalar_mode", this, target, rounding_mode.ToString());
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? aten_("div_.Tensor", this, target) : aten_("div_.Tensor_mode", this, target, rounding_mode.ToString());
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor true_divide(Scalar other) => aten("true_divide.Scalar", this, other);
        public Tensor true_divide(Tensor other) => aten("true_divide.Tensor", this, other);
        public Tensor true_divide_(Scalar other) => aten_("true_divide_.Scalar", this, other);
        public Tensor true_divide_(Tensor other) => aten_("true_divide_.Tensor", this, other);
        public Tensor floor_divide(Scalar other) => aten("floor_divide.Scalar", this, other);
        public Tensor floor_divide(Tensor other) => aten("floor_divide", this, other);
        public Tensor floor_divide_(Scalar other) => aten_("floor_divide_.Scalar", this, other);
        public Tensor floor_divide_(Tensor other) => aten_("floor_divide_.Tensor", this, other);
        public Tensor remainder(Scalar scalar) => aten("remainder.Scalar", this, scalar);
        public Tensor remainder(Tensor target) => aten("remainder.Tensor", this, target);
        public Tensor remainder_(Scalar scalar) => aten_("remainder_.Scalar", this, scalar);
        public Tensor remainder_(Tensor target) => aten_("remainder_.Tensor", this, target);
        public Tensor fmod(Scalar scalar) => aten("fmod.Scalar", this, scalar);
        public Tensor fmod(Tensor target) => aten("fmod.Tensor", this, target);
        public Tensor fmod_(Scalar scalar) => aten_("fmod_.Scalar", this, scalar);
        public Tensor fmod_(Tensor target) => aten_("fmod_.Tensor", this, target);
        public Tensor pow(Scalar exponent) => aten("pow.Tensor_Scalar", this, exponent);
        public Tensor pow(Tensor exponent) => aten("pow.Tensor_Tensor", this, exponent);
        public Tensor pow_(Scalar exponent) => aten_("pow_.Scalar", this, exponent);
        public Tensor pow_(Tensor exponent) => aten_("pow_.Tensor", this, exponent);
        public Tensor float_power(Tensor target) => aten("float_power.Tensor_Tensor", this, target);
        public Tensor float_power_(Tensor target) => aten_("float_power_.Tensor", this, target);
        public Tensor neg() => aten("neg", this);
        public Tensor neg_() => aten_("neg_", this);
        public Tensor negative() => aten("negative", this);
        public Tensor positive() => aten("positive", this);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => aten("addcdiv", this, tensor1, tensor2);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => aten("addcdiv", this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => aten_("addcdiv_", this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => aten_("addcdiv_", this, tensor1, tensor2, value);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => aten("addcmul", this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => aten_("addcmul_", this, tensor1, tensor2, value);
        public Tensor lerp(Tensor end, Tensor weight) => aten("lerp.Tensor", this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => aten_("lerp_.Tensor", this, end, weight);
        public Tensor reciprocal() => aten("reciprocal", this);
        public Tensor reciprocal_() => aten_("reciprocal_", this);
        public Tensor rsqrt() => aten("rsqrt", this);
        public Tensor rsqrt_() => aten_("rsqrt_", this);
        public Tensor sqrt() => aten("sqrt", this);
        public Tensor sqrt_() => aten_("sqrt_", this);
        public Tensor square() => aten("square", this);
        public Tensor gcd(Tensor other) => aten("gcd", this, other);
        public Tensor gcd_(Tensor other) => aten_("gcd_", this, other);
        public Tensor lcm(Tensor other) => aten("lcm", this, other);
        public Tensor lcm_(Tensor other) => aten_("lcm_", this, other);
        public Tensor hypot(Tensor other) => aten("hypot", this, other);
        public Tensor ldexp(Tensor other) => aten("ldexp.Tensor", this, other);
        public Tensor ldexp_(Tensor other) => aten_("ldexp_", this, other);
        public Tensor copysign(Tensor other) => aten("copysign.Tensor", this, other);
        public Tensor copysign_(Tensor other) => aten_("copysign_.Tensor", this, other);
        public Tensor nextafter(Tensor other) => aten("nextafter", this, other);
        public Tensor nextafter_(Tensor other) => aten_("nextafter_", this, other);
        public Tensor fmax(Tensor other) => aten("fmax", this, other);
        public Tensor fmin(Tensor other) => aten("fmin", this, other);
        public Tensor maximum(Tensor other) => aten("maximum", this, other);
        public Tensor minimum(Tensor other) => aten("minimum", this, other);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => aten("clamp", this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => aten("clamp.Tensor", this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => aten_("clamp_", this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => aten_("clamp_.Tensor", this, min, max);
        public Tensor clamp_max(Scalar max) => aten("clamp_max", this, max);
        public Tensor clamp_max_(Scalar max) => aten_("clamp_max_", this, max);
        public Tensor clamp_min(Scalar min) => aten("clamp_min", this, min);
        public Tensor clamp_min_(Scalar min) => aten_("clamp_min_", this, min);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => aten("clip", this, min, max);
        public Tensor heaviside(Tensor other) => aten("heaviside", this, other);
        public Tensor heaviside_(Tensor other) => aten_("heaviside_", this, other);
        public Tensor xlogy(Scalar y) => aten("xlogy.Scalar_Other", this, y);
        public Tensor xlogy(Tensor y) => aten("xlogy.Tensor", this, y);
        public Tensor xlogy_(Scalar y) => aten_("xlogy_.Scalar_Other", this, y);
        public Tensor xlogy_(Tensor y) => aten_("xlogy_.Tensor", this, y);
    }
}
