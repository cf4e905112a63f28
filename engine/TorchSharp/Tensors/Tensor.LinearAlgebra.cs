using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Products and decompositions.
    public partial class Tensor
    {
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => aten("addbmm", this, batch1, batch2, beta, alpha);
        public Tensor addbmm_(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => aten_("addbmm_", this, batch1, batch2, beta, alpha);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => aten("addmm", this, mat1, mat2, beta, alpha);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => aten_("addmm_", this, mat1, mat2, beta, alpha);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => aten("addmv", this, mat, vec, beta, alpha);
        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => aten_("addmv_", this, mat, vec, beta, alpha);
        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => aten("addr", this, vec1, vec2, beta, alpha);
        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => aten_("addr_", this, vec1, vec2, beta, alpha);
        public Tensor bmm(Tensor batch2) => aten("bmm", this, batch2);
        public Tensor cholesky(bool upper = false) => aten("cholesky", this, upper);
        public Tensor cholesky_inverse(bool upper = false) => aten("cholesky_inverse", this, upper);
        public Tensor cholesky_solve(Tensor input2, bool upper = false) => aten("cholesky_solve", this, input2, upper);
        public Tensor det() => aten("det", this);
        public Tensor dot(Tensor target) => aten("dot", this, target);
        public (Tensor a, Tensor tau) geqrf() => aten2("geqrf", this);
        public Tensor ger(Tensor vec2) => aten("ger", this, vec2);
        public Tensor inner(Tensor vec2) => aten("inner", this, vec2);
        public Tensor inverse() => aten("inverse", this);
        public Tensor kron(Tensor other) => aten("kron", this, other);
        public Tensor logdet() => aten("logdet", this);
        public Tensor matmul(Tensor target) => aten("matmul", this, target);
        public Tensor matrix_exp() => aten("matrix_exp", this);
        public Tensor matrix_power(int n) => aten("matrix_power", this, n);
        public Tensor mm(Tensor target) => aten("mm", this, target);
        public Tensor mv(Tensor target) => aten("mv", this, target);
        public Tensor ormqr(Tensor tau, Tensor other, bool left = true, bool transpose = false) => aten("ormqr", this, tau, other, left, transpose);
        public Tensor outer(Tensor vec2) => aten("outer", this, vec2);
        public Tensor pinverse(double rcond = 1e-15, bool hermitian = false) => aten("linalg_pinv", this, rcond, hermitian);
        public Tensor renorm(float p, long dim, float maxnorm) => aten("renorm", this, p, dim, maxnorm);
        public Tensor tensordot(Tensor b, long dims = 2) =>
            tensordot(b, [.. Enumerable.Range(0, (int)dims).Select(i => ndim - dims + i)], [.. Enumerable.Range(0, (int)dims).Select(i => (long)i)]);
        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => aten("tensordot", this, b, dims1, dims2);
        public Tensor tensordot(Tensor b, (long, long)[] dims) => tensordot(b, [.. dims.Select(pair => pair.Item1)], [.. dims.Select(pair => pair.Item2)]);
        public Tensor trace() => aten("trace", this);
        public Tensor vander(long N = -1, bool increasing = false) => aten("vander", this, N < 0 ? null : (long?)N, increasing);
        public Tensor vdot(Tensor target) => aten("vdot", this, target);
    }
}
