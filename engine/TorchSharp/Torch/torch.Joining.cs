using TorchSharp.Native;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Tensors put together, and grids of them.
    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => aten("cat", Value.List(tensors), dim);
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => aten("cat", Value.List(tensors), dim);
    public static Tensor cat(Tensor[] tensors, long dim = 0) => aten("cat", tensors, dim);
    public static Tensor concat(ReadOnlySpan<Tensor> tensors, long dim = 0) => aten("cat", Value.List(tensors), dim);
    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => aten("cat", Value.List(tensors), dim);
    public static Tensor concat(Tensor[] tensors, long dim = 0) => aten("cat", tensors, dim);
    public static Tensor concatenate(ReadOnlySpan<Tensor> tensors, long axis = 0) => aten("cat", Value.List(tensors), axis);
    public static Tensor concatenate(IList<Tensor> tensors, long axis = 0) => aten("cat", Value.List(tensors), axis);
    public static Tensor concatenate(Tensor[] tensors, long axis = 0) => aten("cat", tensors, axis);
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => aten("stack", Value.List(tensors), dim);
    public static Tensor hstack(ReadOnlySpan<Tensor> tensors) => aten("hstack", Value.List(tensors));
    public static Tensor hstack(IEnumerable<Tensor> tensors) => aten("hstack", Value.List(tensors));
    public static Tensor hstack(IList<Tensor> tensors) => aten("hstack", Value.List(tensors));
    public static Tensor hstack(params Tensor[] tensors) => aten("hstack", tensors);
    public static Tensor vstack(ReadOnlySpan<Tensor> tensors) => aten("vstack", Value.List(tensors));
    public static Tensor vstack(IList<Tensor> tensors) => aten("vstack", Value.List(tensors));
    public static Tensor vstack(Tensor[] tensors) => aten("vstack", tensors);
    public static Tensor dstack(ReadOnlySpan<Tensor> tensors) => aten("dstack", Value.List(tensors));
    public static Tensor dstack(IEnumerable<Tensor> tensors) => aten("dstack", Value.List(tensors));
    public static Tensor dstack(IList<Tensor> tensors) => aten("dstack", Value.List(tensors));
    public static Tensor dstack(params Tensor[] tensors) => aten("dstack", tensors);
    public static Tensor column_stack(ReadOnlySpan<Tensor> tensors) => aten("column_stack", Value.List(tensors));
    public static Tensor column_stack(IList<Tensor> tensors) => aten("column_stack", Value.List(tensors));
    public static Tensor column_stack(params Tensor[] tensors) => aten("column_stack", tensors);
    public static Tensor row_stack(ReadOnlySpan<Tensor> tensors) => aten("row_stack", Value.List(tensors));
    public static Tensor row_stack(IList<Tensor> tensors) => aten("row_stack", Value.List(tensors));
    public static Tensor row_stack(params Tensor[] tensors) => aten("row_stack", tensors);
    public static Tensor cartesian_prod(ReadOnlySpan<Tensor> tensors) => aten("cartesian_prod", Value.List(tensors));
    public static Tensor cartesian_prod(IList<Tensor> tensors) => aten("cartesian_prod", Value.List(tensors));
    public static Tensor cartesian_prod(params Tensor[] tensors) => aten("cartesian_prod", tensors);
    public static Tensor combinations(Tensor input, int r = 2, bool with_replacement = false) => aten("combinations", input, r, with_replacement);
    public static Tensor block_diag(params Tensor[] tensors) => aten("block_diag", tensors);
    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") => atenList("meshgrid.indexing", Value.List(tensors), indexing);
    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => atenList("broadcast_tensors", tensors);
}
