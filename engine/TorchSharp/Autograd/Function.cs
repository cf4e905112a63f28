using System.Runtime.InteropServices;
using System.Text;
using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static partial class autograd
    {
        /// <summary>
        /// An operator with a gradient of its own, in managed code: derive from <see cref="SingleTensorFunction{T}"/> or
        /// <see cref="MultiTensorFunction{T}"/>. One instance serves all calls, so it holds no state; that goes into the context.
        /// </summary>
        public abstract class Function<T> where T : Function<T>, new()
        {
            private static readonly T Instance = new();

            /// <summary>The name under which errors and anomaly detection mention the function.</summary>
            public virtual string Name => typeof(T).Name;

            private protected abstract List<Tensor> Forward(AutogradContext context, object[] arguments);

            private protected abstract List<Tensor> Backward(AutogradContext context, List<Tensor> gradients);

            protected static List<Tensor> apply_internal(params object[] vars)
            {
                var context = new AutogradContext();
                var inputs = vars.Select(argument => argument as Tensor).ToArray();
                var wanted = is_grad_enabled() && inputs.Any(input => input is { requires_grad: true });
                List<Tensor> outputs;
                using (no_grad()) outputs = Instance.Forward(context, vars);
                if (wanted) Attach(context, inputs, outputs);
                return outputs;
            }

            private static void Attach(AutogradContext context, Tensor?[] inputs, List<Tensor> outputs)
            {
                var owner = GCHandle.ToIntPtr(GCHandle.Alloc(new Call(context, Instance.Backward)));
                nint node;
                fixed (nint* handles = inputs.Select(input => input?.Handle ?? 0).DefaultIfEmpty().ToArray())
                fixed (byte* title = Encoding.UTF8.GetBytes(Instance.Name + '\0'))
                    Check(engine_function_make(owner, &FunctionCallbacks.Backward, &FunctionCallbacks.Release, title, handles, inputs.Length, context.MaterializeGrads ? 1 : 0, &node));
                try
                {
                    for (var i = 0; i < outputs.Count; i++)
                    {
                        var output = outputs[i];
                        var dirty = context.Dirty.Exists(tensor => ReferenceEquals(tensor, output));
                        // An input that is returned as it came gets no history of its own here: its alias does.
                        if (!dirty && Array.Exists(inputs, input => ReferenceEquals(input, output)))
                            using (no_grad()) outputs[i] = output = Operators.aten("alias", output);
                        var differentiable = !context.NonDifferentiable.Exists(tensor => ReferenceEquals(tensor, output));
                        Check(engine_function_attach(node, output.Handle, differentiable ? 1 : 0, dirty ? 1 : 0));
                    }
                    context.Keep(node, outputs);
                }
                finally
                {
                    engine_function_free(node);
                }
                GC.KeepAlive(inputs);
            }
        }

        /// <summary>One application of a function: what its node in the graph owns.</summary>
        internal sealed record Call(AutogradContext Context, Func<AutogradContext, List<Tensor>, List<Tensor>> Backward);

        /// <summary>A function of one output.</summary>
        public abstract class SingleTensorFunction<T> : Function<T> where T : SingleTensorFunction<T>, new()
        {
            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            /// <summary>One gradient for each argument of <see cref="forward"/>, null where the argument is no tensor or needs none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            private protected override List<Tensor> Forward(AutogradContext context, object[] arguments) => [forward(context, arguments)];

            private protected override List<Tensor> Backward(AutogradContext context, List<Tensor> gradients) => backward(context, gradients[0]);

            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];
        }

        /// <summary>A function of several outputs.</summary>
        public abstract class MultiTensorFunction<T> : Function<T> where T : MultiTensorFunction<T>, new()
        {
            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            /// <summary>One gradient for each argument of <see cref="forward"/>, null where the argument is no tensor or needs none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            private protected override List<Tensor> Forward(AutogradContext context, object[] arguments) => forward(context, arguments);

            private protected override List<Tensor> Backward(AutogradContext context, List<Tensor> gradients) => backward(context, gradients);

            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);
        }
    }
}
