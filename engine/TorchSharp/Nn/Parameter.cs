using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module learns.</summary>
    public class Parameter : Tensor
    {
        /// <param name="data">The values. The parameter takes the tensor's handle and its place in a dispose scope; the tensor is invalid afterwards.</param>
        /// <param name="requires_grad">Whether it learns.</param>
        public Parameter(Tensor data, bool requires_grad = true) : base(data.MoveHandle(out var scope), register: false)
        {
            this.requires_grad = requires_grad;
            scope?.Add(this);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        /// <summary>Networks: modules, functions, initialisation.</summary>
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
