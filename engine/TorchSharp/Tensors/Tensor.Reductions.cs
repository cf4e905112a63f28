using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Sums, extremes and other reductions.
    public partial class Tensor
    {
        public Tensor all() => aten("all", this);
        public Tensor all(long dim, bool keepdim = false) => aten("all.dim", this, dim, keepdim);
        public Tensor any() => aten("any", this);
        public Tensor any(long dim, bool keepdim = false) => aten("any.dim", this, dim, keepdim);
        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => amax(dims.AsSpan(), keepdim, @out);
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => Into(@out, aten("amax", this, dims, keepdim));
        public Tensor amax(params long[] dims) => aten("amax", this, dims);
        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => amin(dims.AsSpan(), keepdim, @out);
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => Into(@out, aten("amin", this, dims, keepdim));
        public Tensor amin(params long[] dims) => aten("amin", this, dims);
        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false) => aten2("aminmax", this, dim, keepdim);
        public Tensor argmax() => aten("argmax", this);
        public Tensor argmax(long dim, bool keepdim = false) => aten("argmax", this, dim, keepdim);
        public Tensor argmin() => aten("argmin", this);
        public Tensor argmin(long dim, bool keepdim = false) => aten("argmin", this, dim, keepdim);
        public Tensor count_nonzero(long[]? dims = null) => dims is null ? aten("count_nonzero", this) : aten("count_nonzero.dim_IntList", this, dims);
        public Tensor logsumexp(long dim, bool keepdim = false) => aten("logsumexp", this, new[] { dim }, keepdim);
        public Tensor max() => aten("max", this);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => aten2("max.dim", this, dim, keepdim);
        public Tensor max(Tensor other) => aten("max.other", this, other);
        public Tensor mean() => aten("mean", this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => aten("mean.dim", this, dimensions, keepdim, type);
        public Tensor median() => aten("median", this);
        public Tensor min() => aten("min", this);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => aten2("min.dim", this, dim, keepdim);
        public Tensor min(Tensor other) => aten("min.other", this, other);
        public (Tensor values, Tensor indices) mode(long dim = -1, bool keepdim = false) => aten2("mode", this, dim, keepdim);
        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null) => aten("nanmean", this, dim, keepdim, dtype);
        public Tensor nanmedian() => aten("nanmedian", this);
        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => aten("nanquantile", this, q, dim, keepdim);
        public Tensor nansum() => aten("nansum", this);
        public Tensor norm(int dim, bool keepdim = false, float p = 2) => aten("norm.ScalarOpt_dim", this, p, new long[] { dim }, keepdim);
        public Tensor norm(float p = 2) => aten("norm.Scalar", this, p);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => aten("prod.dim_int", this, dim, keepdim, type);
        public Tensor prod(ScalarType? type = null) => aten("prod", this, type);
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => aten("quantile", this, q, dim, keepdim);
        public Tensor std(bool unbiased = true) => aten("std", this, unbiased);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim], unbiased, keepdim, type);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std(dimensions.AsSpan(), unbiased, keepdim, type);
        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            As(type, aten("std.dim", this, dimensions, unbiased, keepdim));
        public Tensor std((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);
        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim.Item1, dim.Item2], unbiased, keepdim, type);
        public (Tensor std, Tensor mean) std_mean(bool unbiased = true) => aten2("std_mean", this, unbiased);
        public (Tensor std, Tensor mean) std_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std_mean([dim], unbiased, keepdim, type);
        public (Tensor std, Tensor mean) std_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std_mean(dimensions.AsSpan(), unbiased, keepdim, type);
        public (Tensor std, Tensor mean) std_mean(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            As(type, aten2("std_mean.dim", this, dimensions, unbiased, keepdim));
        public (Tensor std, Tensor mean) std_mean((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std_mean([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);
        public (Tensor std, Tensor mean) std_mean((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std_mean([dim.Item1, dim.Item2], unbiased, keepdim, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => aten("sum.dim_IntList", this, new[] { dim }, keepdim, type);
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => aten("sum.dim_IntList", this, new[] { dim0, dim1 }, keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            aten("sum.dim_IntList", this, new[] { dim0, dim1, dim2 }, keepdim, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => aten("sum.dim_IntList", this, dim, keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => aten("sum.dim_IntList", this, dim, keepdim, type);
        public Tensor sum(ScalarType? type = null) => aten("sum", this, type);
        public Tensor var(bool unbiased = true) => aten("var", this, unbiased);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim], unbiased, keepdim, type);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var(dimensions.AsSpan(), unbiased, keepdim, type);
        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            As(type, aten("var.dim", this, dimensions, unbiased, keepdim));
        public Tensor var((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);
        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim.Item1, dim.Item2], unbiased, keepdim, type);
        public (Tensor std, Tensor mean) var_mean(bool unbiased = true) => aten2("var_mean", this, unbiased);
        public (Tensor std, Tensor mean) var_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var_mean([dim], unbiased, keepdim, type);
        public (Tensor std, Tensor mean) var_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var_mean(dimensions.AsSpan(), unbiased, keepdim, type);
        public (Tensor std, Tensor mean) var_mean(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            As(type, aten2("var_mean.dim", this, dimensions, unbiased, keepdim));
        public (Tensor std, Tensor mean) var_mean((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var_mean([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);
        public (Tensor std, Tensor mean) var_mean((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var_mean([dim.Item1, dim.Item2], unbiased, keepdim, type);
        public Tensor dist(Tensor other, float p = 2) => aten("dist", this, other, p);
        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) => aten2("kthvalue", this, k, dim ?? -1, keepdim);
        public (Tensor values, Tensor indexes) cummax(long dim) => aten2("cummax", this, dim);
        public (Tensor values, Tensor indexes) cummin(long dim) => aten2("cummin", this, dim);
        public Tensor cumprod(long dim, ScalarType? type = null) => aten("cumprod", this, dim, type);
        public Tensor cumsum(long dim, ScalarType? type = null) => aten("cumsum", this, dim, type);
        public Tensor logcumsumexp(long dim) => aten("logcumsumexp", this, dim);
        public Tensor cumulative_trapezoid(double dx = 1, long dim = -1) => aten("cumulative_trapezoid.dx", this, dx, dim);
        public Tensor cumulative_trapezoid(Tensor x, long dim = -1) => aten("cumulative_trapezoid.x", this, x, dim);
        public Tensor trapezoid(double dx = 1, long dim = -1) => aten("trapezoid.dx", this, dx, dim);
        public Tensor trapezoid(Tensor x, long dim = -1) => aten("trapezoid.x", this, x, dim);
        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => aten("diff", this, n, dim, prepend, append);
        public Tensor corrcoef() => aten("corrcoef", this);
        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => aten("cov", this, correction, fweights, aweights);
        public Tensor bincount(Tensor weights, long minlength = 0) => aten("bincount", this, weights, minlength);
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => aten("histc", this, bins, min, max);
    }
}
