using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Tensors;

public class PrintingTests
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    [Fact]
    public void ToString_OfAnyTensor_GivesShapeTypeAndDevice()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("[2x3], type = Float32, device = cpu", zeros(2, 3).ToString());
        Assert.Equal("[], type = Int64, device = cpu", tensor(5L).metastr());
    }

    [Fact]
    public void Npstr_OfAMatrix_AlignsItsNumbers()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("[[1.5,  -2],\n [  0,  10]]", tensor(new[,] { { 1.5f, -2f }, { 0f, 10f } }).npstr(newLine: "\n", cultureInfo: Invariant));
        Assert.Equal("[ true, false]", tensor(new[] { true, false }).npstr());
        Assert.Equal("7", tensor(7L).npstr());
    }

    [Fact]
    public void Cstr_OfACube_NestsBraces()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("[2x1x2], type = Int64, device = cpu\n{{{0, 1}},\n {{2, 3}}}", arange(4).reshape(2, 1, 2).cstr(newLine: "\n"));
    }

    [Fact]
    public void Jlstr_OfACube_HeadsEachMatrixWithItsPlace()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("[2x2x1], type = Int64, device = cpu\n[0,..,..] =\n0\n1\n[1,..,..] =\n2\n3", arange(4).reshape(2, 2, 1).jlstr(newLine: "\n"));
        Assert.Equal("[], type = Float64, device = cpu, value = 0.25", tensor(0.25).jlstr(cultureInfo: Invariant));
    }

    [Fact]
    public void Npstr_OfALongVector_LeavesTheMiddleOut()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("[ 0,  1,  2,  3,  4, ..., 15, 16, 17, 18, 19]", arange(20).npstr());
        Assert.Equal("[ 0, ..., 19]", arange(20).npstr(width: 8));
    }

    [Fact]
    public void Npstr_OfComplexNumbers_WritesBothParts()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("[1-2i]", tensor(new System.Numerics.Complex[] { new(1, -2) }).npstr(cultureInfo: Invariant));
    }
}
