using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Bits, truth values and comparisons.
    public partial class Tensor
    {
        public Tensor bitwise_and(Tensor other) => aten("bitwise_and.Tensor", this, other);
        public Tensor bitwise_and_(Tensor other) => aten_("bitwise_and_.Tensor", this, other);
        public Tensor bitwise_left_shift(Tensor other) => aten("bitwise_left_shift.Tensor", this, other);
        public Tensor bitwise_left_shift_(Tensor other) => aten_("bitwise_left_shift_.Tensor", this, other);
        public Tensor bitwise_not() => aten("bitwise_not", this);
        public Tensor bitwise_not_() => aten_("bitwise_not_", this);
        public Tensor bitwise_or(Tensor other) => aten("bitwise_or.Tensor", this, other);
        public Tensor bitwise_or_(Tensor other) => aten_("bitwise_or_.Tensor", this, other);
        public Tensor bitwise_right_shift(Tensor other) => aten("bitwise_right_shift.Tensor", this, other);
        public Tensor bitwise_right_shift_(Tensor other) => aten_("bitwise_right_shift_.Tensor", this, other);
        public Tensor bitwise_xor(Tensor other) => aten("bitwise_xor.Tensor", this, other);
        public Tensor bitwise_xor_(Tensor other) => aten_("bitwise_xor_.Tensor", this, other);
        public Tensor logical_and(Tensor other) => aten("logical_and", this, other);
        public Tensor logical_and_(Tensor other) => aten_("logical_and_", this, other);
        public Tensor logical_not() => aten("logical_not", this);
        public Tensor logical_not_() => aten_("logical_not_", this);
        public Tensor logical_or(Tensor other) => aten("logical_or", this, other);
        public Tensor logical_or_(Tensor other) => aten_("logical_or_", this, other);
        public Tensor logical_xor(Tensor other) => aten("logical_xor", this, other);
        public Tensor logical_xor_(Tensor other) => aten_("logical_xor_", this, other);
        public Tensor eq(Scalar target) => aten("eq.Scalar", this, target);
        public Tensor eq(Tensor target) => aten("eq.Tensor", this, target);
        public Tensor eq_(Scalar target) => aten_("eq_.Scalar", this, target);
        public Tensor eq_(Tensor target) => aten_("eq_.Tensor", this, target);
        public Tensor ne(Scalar target) => aten("ne.Scalar", this, target);
        public Tensor ne(Tensor target) => aten("ne.Tensor", this, target);
        public Tensor ne_(Scalar target) => aten_("ne_.Scalar", this, target);
        public Tensor ne_(Tensor target) => aten_("ne_.Tensor", this, target);
        public Tensor lt(Scalar target) => aten("lt.Scalar", this, target);
        public Tensor lt(Tensor target) => aten("lt.Tensor", this, target);
        public Tensor lt_(Scalar target) => aten_("lt_.Scalar", this, target);
        public Tensor lt_(Tensor target) => aten_("lt_.Tensor", this, target);
        public Tensor le(Scalar target) => aten("le.Scalar", this, target);
        public Tensor le(Tensor target) => aten("le.Tensor", this, target);
        public Tensor le_(Scalar target) => aten_("le_.Scalar", this, target);
        public Tensor le_(Tensor target) => aten_("le_.Tensor", this, target);
        public Tensor gt(Scalar target) => aten("gt.Scalar", this, target);
        public Tensor gt(Tensor target) => aten("gt.Tensor", this, target);
        public Tensor gt_(Scalar target) => aten_("gt_.Scalar", this, target);
        public Tensor gt_(Tensor target) => aten_("gt_.Tensor", this, target);
        public Tensor ge(Scalar target) => aten("ge.Scalar", this, target);
        public Tensor ge(Tensor target) => aten("ge.Tensor", this, target);
        public Tensor ge_(Scalar target) => aten_("ge_.Scalar", this, target);
        public Tensor ge_(Tensor target) => aten_("ge_.Tensor", this, target);
        public Tensor greater(Tensor target) => aten("greater.Tensor", this, target);
        public Tensor greater_equal(Tensor target) => aten("greater_equal.Tensor", this, target);
        public Tensor less(Tensor target) => aten("less.Tensor", this, target);
        public Tensor less_equal(Tensor target) => aten("less_equal.Tensor", this, target);
        public Tensor less_equal_(Tensor target) => aten_("less_equal_.Tensor", this, target);
        public Tensor not_equal(Tensor target) => aten("not_equal.Tensor", this, target);
        public Tensor not_equal_(Tensor target) => aten_("not_equal_.Tensor", this, target);
        public Tensor equal(Tensor target) => eq(target);
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            atenBool("allclose", this, target, rtol, atol, equal_nan);
        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) => aten("isclose", this, other, rtol, atol, nanEqual);
        public Tensor isfinite() => aten("isfinite", this);
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) => aten("isin.Tensor_Tensor", this, test_elements, assumeUnique, invert);
        public Tensor isinf() => aten("isinf", this);
        public Tensor isnan() => aten("isnan", this);
        public Tensor isneginf() => aten("isneginf", this);
        public Tensor isposinf() => aten("isposinf", this);
        public Tensor isreal() => aten("isreal", this);
        public bool is_nonzero() => atenBool("is_nonzero", this);
        public bool is_conj() => atenBool("is_conj", this);
        public bool is_neg() => atenBool("is_neg", this);
        public bool is_pinned() => atenBool("is_pinned", this);
    }
}
