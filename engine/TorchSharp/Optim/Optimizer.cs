using System.Runtime.InteropServices;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Optimisers and schedules of their learning rates.</summary>
    public static partial class optim
    {
        /// <summary>Changes parameters so that a loss falls.</summary>
        public abstract class Optimizer : IDisposable
        {
            protected IList<ParamGroup> _parameter_groups = [];

            /// <param name="handle">Unused: no optimiser here is native.</param>
            protected Optimizer(nint handle)
            {
            }

            ~Optimizer() => Dispose(false);

            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (disposing) DisposeState();
            }

            private protected virtual void DisposeState()
            {
            }

            /// <summary>Fills the gradients with zeros; parameters without one keep none.</summary>
            public virtual void zero_grad() => throw new NotImplementedException($"{GetType().Name} has no zero_grad().");

            public virtual void add_param_group(ParamGroup param_group) => throw new NotImplementedException($"{GetType().Name} takes no further groups.");

            /// <summary>Changes the parameters once by their gradients.</summary>
            /// <param name="closure">Computes the loss and the gradients anew.</param>
            /// <returns>What the closure returned; null without one.</returns>
            public virtual Tensor step(Func<Tensor>? closure = null) => throw new NotImplementedException($"{GetType().Name} has no step().");

            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

            /// <summary>Computes a loss for a native optimiser.</summary>
            [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
            public delegate nint LossClosure();

            /// <summary>An optimiser's own objects, by reference: the settings of each group, and the state of each parameter.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; } = [];
                public List<OptimizerState> State { get; } = [];

                /// <summary>For each group the places of its parameters in <see cref="State"/>.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }
    }
}
