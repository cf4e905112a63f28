using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // The same elements seen in another shape, and shapes that copy where they must.
    public partial class Tensor
    {
        /// <summary>All dimensions in reverse order.</summary>
        public Tensor T => aten("numpy_T", this);

        /// <summary>The last two dimensions exchanged.</summary>
        public Tensor mT => aten("mT", this);

        /// <summary>A matrix, conjugated and transposed.</summary>
        public Tensor H => aten("matrix_H", this);

        /// <summary>The last two dimensions exchanged, conjugated.</summary>
        public Tensor mH => aten("mH", this);

        public Tensor alias() => aten("alias", this);
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) => aten("as_strided", this, size, strides, storageOffset);
        public Tensor atleast_1d() => aten("atleast_1d", this);
        public Tensor atleast_2d() => aten("atleast_2d", this);
        public Tensor atleast_3d() => aten("atleast_3d", this);
        public Tensor broadcast_to(params long[] shape) => aten("broadcast_to", this, shape);
        public Tensor clone() => aten("clone", this);
        public Tensor contiguous() => aten("contiguous", this);
        public Tensor detach() => aten("detach", this);
        public Tensor detach_() => aten_("detach_", this);
        public Tensor diag(long diagonal = 0) => aten("diag", this, diagonal);
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => aten("diag_embed", this, offset, dim1, dim2);
        public Tensor diagflat(long offset = 0) => aten("diagflat", this, offset);
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => aten("diagonal", this, offset, dim1, dim2);
        public Tensor expand(long[] sizes, bool isImplicit = false) => aten("expand", this, sizes, isImplicit);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => aten("expand", this, sizes, isImplicit);
        public Tensor expand(Size sizes, bool isImplicit = false) => aten("expand", this, sizes.Shape, isImplicit);
        public Tensor expand(params long[] sizes) => aten("expand", this, sizes);
        public Tensor expand_as(Tensor other) => aten("expand_as", this, other);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => aten("flatten.using_ints", this, start_dim, end_dim);
        public Tensor flip(params long[] dims) => aten("flip", this, dims);
        public Tensor fliplr() => aten("fliplr", this);
        public Tensor flipud() => aten("flipud", this);
        public Tensor moveaxis(long[] source, long[] destination) => aten("moveaxis.intlist", this, source, destination);
        public Tensor movedim(long[] source, long[] destination) => aten("movedim.intlist", this, source, destination);
        public Tensor narrow(long dim, long start, long length) => aten("narrow", this, dim, start, length);
        public Tensor permute(IEnumerable<long> permutation) => aten("permute", this, permutation.ToArray());
        public Tensor permute(params long[] permutation) => aten("permute", this, permutation);
        public Tensor pin_memory() => aten("pin_memory", this);
        public Tensor ravel() => aten("ravel", this);
        public Tensor repeat(params long[] sizes) => aten("repeat", this, sizes);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) => aten("repeat_interleave.self_int", this, repeats, dim, output_size);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            aten("repeat_interleave.self_Tensor", this, repeats, dim, output_size);
        public Tensor reshape(params long[] shape) => aten("reshape", this, shape);
        public Tensor roll(long shifts, long? dims = null) => aten("roll", this, new[] { shifts }, dims is { } dim ? new[] { dim } : Array.Empty<long>());
        public Tensor roll(long[] shifts) => aten("roll", this, shifts);
        public Tensor roll(long[] shifts, long[] dims) => aten("roll", this, shifts, dims);
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => aten("roll", this, shifts, dims);
        public Tensor roll((long, long, long) shifts, (long, long, long) dims) => roll([shifts.Item1, shifts.Item2, shifts.Item3], [dims.Item1, dims.Item2, dims.Item3]);
        public Tensor roll((long, long) shifts, (long, long) dims) => roll([shifts.Item1, shifts.Item2], [dims.Item1, dims.Item2]);
        public Tensor rot90(long k = 1, (long, long)? dims = null) => aten("rot90", this, k, dims is { } plane ? new[] { plane.Item1, plane.Item2 } : [0, 1]);
        public Tensor select(long dim, long index) => aten("select.int", this, dim, index);
        public Tensor slice(long dim, long start, long finish, long step) => aten("slice.Tensor", this, dim, start, finish, step);
        public Tensor squeeze(long? dim = null) => dim is { } given ? aten("squeeze.dim", this, given) : aten("squeeze", this);
        public Tensor squeeze_(long? dim = null) => dim is { } given ? aten_("squeeze_.dim", this, given) : aten_("squeeze_", this);
        public Tensor swapaxes(long dim0, long dim1) => aten("swapaxes", this, dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => aten("swapdims", this, dim0, dim1);
        public Tensor t() => aten("t", this);
        public Tensor tile(long[] reps) => aten("tile", this, reps);
        public Tensor transpose(long dim0, long dim1) => aten("transpose.int", this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => aten_("transpose_", this, dim0, dim1);
        public Tensor unflatten(long dim, Size sizes) => aten("unflatten.int", this, dim, sizes.Shape);
        public Tensor unflatten(long dim, params long[] sizes) => aten("unflatten.int", this, dim, sizes);
        public Tensor unfold(long dimension, long size, long step) => aten("unfold", this, dimension, size, step);
        public Tensor unsqueeze(long dim) => aten("unsqueeze", this, dim);
        public Tensor unsqueeze_(long dim) => aten_("unsqueeze_", this, dim);
        public Tensor view(params long[] shape) => aten("view", this, shape);
        public Tensor view_as(Tensor other) => aten("view_as", this, other);
        public Tensor tril(long diagonal = 0) => aten("tril", this, diagonal);
        public Tensor tril_(long diagonal = 0) => aten_("tril_", this, diagonal);
        public Tensor triu(long diagonal = 0) => aten("triu", this, diagonal);
        public Tensor triu_(long diagonal = 0) => aten_("triu_", this, diagonal);
        public Tensor channel_shuffle(long groups) => aten("channel_shuffle", this, groups);
    }
}
