using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Circular and hyperbolic functions.
    public partial class Tensor
    {
        public Tensor sin() => aten("sin", this);
        public Tensor sin_() => aten_("sin_", this);
        public Tensor cos() => aten("cos", this);
        public Tensor cos_() => aten_("cos_", this);
        public Tensor tan() => aten("tan", this);
        public Tensor tan_() => aten_("tan_", this);
        public Tensor asin() => aten("asin", this);
        public Tensor asin_() => aten_("asin_", this);
        public Tensor acos() => aten("acos", this);
        public Tensor acos_() => aten_("acos_", this);
        public Tensor atan() => aten("atan", this);
        public Tensor atan_() => aten_("atan_", this);
        public Tensor atan2(Tensor other) => aten("atan2", this, other);
        public Tensor atan2_(Tensor other) => aten_("atan2_", this, other);
        public Tensor arcsin() => aten("arcsin", this);
        public Tensor arcsin_() => aten_("arcsin_", this);
        public Tensor arccos() => aten("arccos", this);
        public Tensor arccos_() => aten_("arccos_", this);
        public Tensor arctan() => aten("arctan", this);
        public Tensor arctan(Tensor other) => aten("arctan2", this, other);
        public Tensor arctan_() => aten_("arctan_", this);
        public Tensor arctan_(Tensor other) => aten_("arctan2_", this, other);
        public Tensor arctan2(Tensor other) => aten("arctan2", this, other);
        public Tensor arctan2_(Tensor other) => aten_("arctan2_", this, other);
        public Tensor sinh() => aten("sinh", this);
        public Tensor sinh_() => aten_("sinh_", this);
        public Tensor cosh() => aten("cosh", this);
        public Tensor cosh_() => aten_("cosh_", this);
        public Tensor tanh() => aten("tanh", this);
        public Tensor tanh_() => aten_("tanh_", this);
        public Tensor asinh() => aten("asinh", this);
        public Tensor asinh_() => aten_("asinh_", this);
        public Tensor acosh() => aten("acosh", this);
        public Tensor acosh_() => aten_("acosh_", this);
        public Tensor atanh() => aten("atanh", this);
        public Tensor atanh_() => aten_("atanh_", this);
        public Tensor arcsinh() => aten("arcsinh", this);
        public Tensor arcsinh_() => aten_("arcsinh_", this);
        public Tensor arccosh() => aten("arccosh", this);
        public Tensor arccosh_() => aten_("arccosh_", this);
        public Tensor arctanh() => aten("arctanh", this);
        public Tensor arctanh_() => aten_("arctanh_", this);
    }
}
