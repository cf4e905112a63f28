using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a function's forward pass leaves for its backward pass.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> _data = [];
            private List<Tensor> _toSave = [];
            private nint _node;
            private int _savedCount;

            internal AutogradContext()
            {
            }

            /// <summary>Whether a missing gradient of an output reaches the backward pass as zeros, rather than as null.</summary>
            public bool MaterializeGrads { get; private set; } = true;

            internal List<Tensor> Dirty { get; private set; } = [];
            internal List<Tensor> NonDifferentiable { get; private set; } = [];

            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            /// <summary>Keeps inputs or outputs; a change of one in place before the backward pass is noticed there.</summary>
            public void save_for_backward(List<Tensor> tensors) => _toSave = tensors;

            public void save_data(string key, object value) => _data[key] = value;

            public object get_data(string key) => _data[key];

            /// <summary>Names inputs that the forward pass changed in place and returned.</summary>
            public void mark_dirty(List<Tensor> tensors) => Dirty = tensors;

            /// <summary>Names outputs through which no gradient passes.</summary>
            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable = tensors;

            public List<Tensor> get_saved_variables()
            {
                // Within the forward pass, or where no gradient is wanted, there is no node: the tensors themselves are here.
                if (_node == 0) return [.. _toSave];
                var node = engine_function_lock(_node);
                if (node == 0) throw new InvalidOperationException("The function's graph has been freed.");
                try
                {
                    var saved = new List<Tensor>(_savedCount);
                    for (var i = 0; i < _savedCount; i++)
                    {
                        nint tensor;
                        Check(engine_function_saved(node, i, &tensor));
                        saved.Add(tensor == 0 ? null! : new Tensor(tensor));
                    }
                    return saved;
                }
                finally
                {
                    engine_function_free(node);
                }
            }

            /// <summary>Hands what was to be saved to the node, once the outputs have their history.</summary>
            internal void Keep(nint node, List<Tensor> outputs)
            {
                foreach (var tensor in _toSave)
                    Check(engine_function_save(node, tensor?.Handle ?? 0, outputs.Exists(output => ReferenceEquals(output, tensor)) ? 1 : 0));
                _savedCount = _toSave.Count;
                _toSave = [];
                _node = engine_function_weak(node);
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (_node != 0) engine_function_free_weak(_node);
                _node = 0;
            }
        }
    }
}
