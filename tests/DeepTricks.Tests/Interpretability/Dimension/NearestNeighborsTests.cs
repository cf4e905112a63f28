using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability.Dimension;

public sealed class NearestNeighborsTests
{
    private const int Rows = 1300; // more than a tile, and no multiple of anything

    public static TheoryData<ScalarType[], bool> Ways => new()
    {
        { [ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64], false },
        { [ScalarType.Float32, ScalarType.Float64], false },
        { [ScalarType.Float64], false },
        { [ScalarType.Float32, ScalarType.Float64], true },
        { [ScalarType.BFloat16], false },
        { [ScalarType.BFloat16], true },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Find_EachWay_EqualsADirectSearch(ScalarType[] precisions, bool tensorOperations)
    {
        using var scope = NewDisposeScope();
        var options = new NearestNeighborsOptions { Count = 5, Precisions = precisions, TensorOperations = tensorOperations };
        foreach (var points in (Tensor[])[
            Golden.Tensor("points", [Rows, 37]),
            Golden.Tensor("points", [Rows, 37], dtype: ScalarType.Float64),
            Golden.Tensor("points", [Rows, 5], scale: 1e-20),
            Golden.Tensor("points", [Rows, 3], scale: 1e15),
            Golden.Integers("grid", 4, Rows, 4).to(ScalarType.Float32)])
            AssertDirect(points, NearestNeighbors.Find(points, options));
    }

    [Fact]
    public void Find_MoreFeaturesThanPoints_EqualsADirectSearch()
    {
        using var scope = NewDisposeScope();
        var points = Golden.Tensor("wide", [90, 9000]);
        AssertDirect(points, NearestNeighbors.Find(points, new() { Count = 4, Candidates = 5 }));
        AssertDirect(points, NearestNeighbors.Find(points.view(90, 10, 900), new() { Count = 4, TensorOperations = true }));
    }

    [Fact]
    public void Find_PointsThatAFastProductCannotTellApart_AreSearchedAgain()
    {
        using var scope = NewDisposeScope();
        // Close pairs far from their centre: the product in half precision rounds the whole distance away.
        var places = Golden.Tensor("places", [Rows / 2, 8], 10);
        var points = cat([places, places + Golden.Tensor("steps", [Rows / 2, 8], 1e-4)]);
        foreach (var type in (ScalarType[])[ScalarType.BFloat16, ScalarType.Float32])
        {
            var neighbors = NearestNeighbors.Find(points, new() { Candidates = 1, Precisions = [type] });
            AssertDirect(points, neighbors);
        }

        var line = linspace(0, 1, Rows, ScalarType.Float64).unsqueeze(1) * 3000;
        var again = NearestNeighbors.Find(line, new() { Candidates = 1, Precisions = [ScalarType.BFloat16] });
        AssertDirect(line, again);
        Assert.True(again.SearchedAgain > 0);
    }

    [Fact]
    public void Find_FewOrEqualPoints_Works()
    {
        using var scope = NewDisposeScope();
        var three = tensor(new[,] { { 0.0, 0 }, { 3, 4 }, { 0, 1 } });
        var neighbors = NearestNeighbors.Find(three, new() { Count = 8 });
        Assert.Equal([1.0, 5], neighbors.Distances(0).ToArray());
        Assert.Equal([2, 1], neighbors.Indices(0).ToArray());

        var same = NearestNeighbors.Find(ones(200, 6));
        Assert.Equal([0.0, 0], same.Distances(7).ToArray());
        Assert.DoesNotContain(7, same.Indices(7).ToArray());
    }

    [Fact]
    public void Find_HalfPrecision_IsThatOfItsNumbers()
    {
        using var scope = NewDisposeScope();
        var half = Golden.Tensor("points", [300, 12]).to(ScalarType.Float16);
        Assert.Equal(NearestNeighbors.Find(half.to(ScalarType.Float64)).Distances(9).ToArray(), NearestNeighbors.Find(half).Distances(9).ToArray());
    }

    [Fact]
    public void Find_FewFeatures_WhoseRoundingIsLarge_EqualsADirectSearch()
    {
        using var scope = NewDisposeScope();
        var points = Points.SwissRoll("dimension.roll", 1000);
        AssertDirect(points, NearestNeighbors.Find(points, new() { Count = 8 }));
        AssertDirect(points[..900], NearestNeighbors.Find(points[..900], new() { Precisions = [ScalarType.BFloat16, ScalarType.Float64] }));
    }

    [CudaFact]
    public void Find_OnCuda_EqualsTheCpu()
    {
        using var scope = NewDisposeScope();
        var points = Golden.Tensor("points", [Rows, 37]);
        AssertDirect(points, NearestNeighbors.Find(points.cuda(), new() { Count = 5 }));
    }

    internal static void AssertDirect(Tensor points, NearestNeighbors neighbors)
    {
        var rows = points.flatten(1).to(ScalarType.Float64);
        for (var row = 0; row < rows.shape[0]; row++)
        {
            using var scope = NewDisposeScope();
            var squares = (rows - rows[row]).square().sum(1L);
            squares[row] = double.PositiveInfinity;
            var expected = squares.sqrt().sort().Values.data<double>().ToArray();
            var (actual, indices) = (neighbors.Distances(row).ToArray(), neighbors.Indices(row).ToArray());
            Assert.InRange(actual.Length, 2, neighbors.Count);
            for (var i = 0; i < actual.Length; i++)
            {
                Assert.Equal(1, actual[i] == expected[i] ? 1 : actual[i] / expected[i], 1e-12);
                Assert.Equal(1, actual[i] == 0 ? 1 : squares[indices[i]].sqrt().item<double>() / actual[i], 1e-12);
            }

            Assert.Equal(indices.Length, indices.Distinct().Count());
            Assert.DoesNotContain(row, indices);
        }
    }
}

[Collection(ProcessWide.Name)]
public sealed class NearestNeighborsProcessTests
{
    [Fact]
    public void Find_SeveralThreads_EqualsADirectSearch()
    {
        using var scope = NewDisposeScope();
        var threads = get_num_threads();
        try
        {
            set_num_threads(3);
            var points = Golden.Tensor("points", [2100, 40]);
            NearestNeighborsTests.AssertDirect(points, NearestNeighbors.Find(points));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void Estimates_Always_LeaveNoTensors()
    {
        using var points = Golden.Tensor("points", [400, 9]);
        using var model = Golden.Fill(nn.Sequential(("first", nn.Linear(9, 12)), ("relu", nn.ReLU()), ("last", nn.Linear(12, 3))));
        var before = ProcessWide.LiveTensors();

        TwoNN.Estimate(points, new() { ZeroDistances = ZeroDistances.Merge });
        TwoNN.Resample(points, new() { Count = 2, Neighbors = new() });
        TwoNN.Blocks(points, [1, 2]);
        PrincipalSpectrum.Of(points);
        DimensionProfile.Of("net", model, ["first", "last"], points, new() { PrincipalComponents = new() });

        Assert.Equal(before, ProcessWide.LiveTensors());
    }
}
