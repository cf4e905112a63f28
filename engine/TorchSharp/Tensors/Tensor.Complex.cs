using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Complex numbers.
    public partial class Tensor
    {
        /// <summary>The real part, as a view; the tensor itself where it is real.</summary>
        public Tensor real => aten("real", this);

        /// <summary>The imaginary part, as a view.</summary>
        public Tensor imag => aten("imag", this);

        public Tensor adjoint() => aten("adjoint", this);
        public Tensor angle() => aten("angle", this);
        public Tensor conj() => aten("conj", this);
        public Tensor conj_physical() => aten("conj_physical", this);
        public Tensor conj_physical_() => aten_("conj_physical_", this);
        public Tensor resolve_conj() => aten("resolve_conj", this);
        public Tensor resolve_neg() => aten("resolve_neg", this);
        public Tensor view_as_complex() => aten("view_as_complex", this);
        public Tensor view_as_real() => aten("view_as_real", this);
    }
}
