using System.Runtime.CompilerServices;
using TorchSharp.Native;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Indexing as in Python. Numbers, slices and new dimensions give a view; masks and index tensors pick elements.
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => At(indices);
            set => Put(At(indices), value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => aten("select.int", this, 0, i1);
            set => Put(aten("select.int", this, 0, i1), value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At(i1, i2);
            set => Put(At(i1, i2), value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At(i1, i2, i3);
            set => Put(At(i1, i2, i3), value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At(i1, i2, i3, i4);
            set => Put(At(i1, i2, i3, i4), value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => At(i1, i2, i3, i4, i5);
            set => Put(At(i1, i2, i3, i4, i5), value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => At(i1, i2, i3, i4, i5, i6);
            set => Put(At(i1, i2, i3, i4, i5, i6), value);
        }

        public Tensor index(params Tensor[] indices) => aten("index.Tensor", this, indices);

        public Tensor index(params TensorIndex[] indices)
        {
            if (!Array.Exists(indices, index => index.Kind is TensorIndex.IndexKind.Tensor or TensorIndex.IndexKind.Bool))
            {
                var plain = View(indices, out _);
                return ReferenceEquals(plain, this) ? alias() : plain;
            }
            using var scope = NewDisposeScope();
            var view = View(indices, out var elements);
            var picked = elements is null ? view : aten("index.Tensor", view, elements);
            return picked.MoveToOuterDisposeScope();
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using var scope = NewDisposeScope();
            var view = View(indices, out var elements);
            var fitted = WithoutLeadingOnes(value);
            if (elements is not null) aten_("index_put_", view, elements, fitted, accumulate);
            else if (accumulate) aten_("add_.Tensor", view, fitted);
            else aten_("copy_", view, fitted);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => aten_("index_put_", this, indices, value, accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var number = aten("scalar_tensor", value, dtype, Value.None, device);
            return index_put_(number, indices, false);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var number = aten("scalar_tensor", value, dtype, Value.None, device);
            return index_put_(number, indices, false);
        }

        private Tensor At(params ReadOnlySpan<long> indices)
        {
            if (indices.Length == 0) return alias();
            var result = aten("select.int", this, 0, indices[0]);
            foreach (var next in indices[1..])
            {
                using var outer = result;
                result = aten("select.int", outer, 0, next);
            }
            return result;
        }

        private static void Put(Tensor place, Tensor value)
        {
            using (place) place.copy_(value);
        }

        private static Tensor WithoutLeadingOnes(Tensor value)
        {
            while (value.ndim > 0 && value.size(0) == 1) value = value.squeeze(0);
            return value;
        }

        /// <summary>
        /// Applies what makes a view, and keeps none of the views on the way. <paramref name="elements"/>
        /// becomes the index tensors by dimension of the view, null where a dimension stays whole, or null altogether where there are none.
        /// </summary>
        private Tensor View(TensorIndex[] indices, out Tensor?[]? elements)
        {
            var view = this;
            var picked = new List<Tensor?>();
            var any = false;
            long dimension = 0;

            void Narrow(Tensor next)
            {
                if (!ReferenceEquals(view, this)) view.Dispose();
                view = next;
            }

            foreach (var index in indices)
            {
                switch (index.Kind)
                {
                    case TensorIndex.IndexKind.Single:
                        Narrow(view.select(dimension, index.Start ?? throw new ArgumentException("An index is null.", nameof(indices))));
                        continue;
                    case TensorIndex.IndexKind.Slice:
                        if (index.Start is not null || index.Stop is not null || index.Step is not null)
                            Narrow(aten("slice.Tensor", view, dimension, index.Start, index.Stop, index.Step ?? 1));
                        picked.Add(null);
                        dimension++;
                        continue;
                    case TensorIndex.IndexKind.Ellipsis:
                        for (var rest = ndim - indices.Sum(Consumed); rest > 0; rest--, dimension++) picked.Add(null);
                        continue;
                    case TensorIndex.IndexKind.NewDimension:
                        Narrow(view.unsqueeze(dimension++));
                        picked.Add(null);
                        continue;
                    case TensorIndex.IndexKind.Tensor when index.Elements is { ndim: 0 } number && number.is_integral() && number.dtype != ScalarType.Bool:
                        Narrow(view.select(dimension, number.ToScalar().AsInt64));
                        continue;
                }
                // A truth value without dimensions picks all or nothing of a new dimension.
                var mask = index.Kind == TensorIndex.IndexKind.Bool ? tensor(index.Start != 0, device: device) : index.Elements ?? throw new ArgumentException("An index tensor is null.", nameof(indices));
                if (mask.ndim == 0)
                {
                    Narrow(view.unsqueeze(dimension));
                    mask = mask.unsqueeze(0);
                }
                any = true;
                // A mask of several dimensions stands for as many index tensors.
                if (mask.dtype is ScalarType.Bool && mask.ndim > 1) picked.AddRange(Places(mask, view, dimension));
                else picked.Add(mask);
                dimension = picked.Count;
            }
            elements = any ? [.. picked] : null;
            return view;
        }

        private static Tensor[] Places(Tensor mask, Tensor view, long dimension)
        {
            for (var i = 0; i < mask.ndim; i++)
                if (dimension + i >= view.ndim || mask.size(i) != view.size((int)dimension + i))
                    throw new ArgumentException($"A mask of shape [{string.Join(", ", mask.shape)}] does not fit dimension {dimension} of a tensor of shape [{string.Join(", ", view.shape)}].");
            return mask.nonzero().unbind(1);
        }

        /// <summary>How many dimensions of the indexed tensor an index speaks of.</summary>
        private static long Consumed(TensorIndex index) => index.Kind switch
        {
            TensorIndex.IndexKind.Single or TensorIndex.IndexKind.Slice => 1,
            TensorIndex.IndexKind.Tensor when index.Elements is { } mask => mask.dtype == ScalarType.Bool ? mask.ndim : 1,
            _ => 0,
        };
    }
}
