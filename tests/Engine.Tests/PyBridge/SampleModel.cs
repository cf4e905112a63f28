using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.PyBridge;

/// <summary>The module whose state make_pybridge.py wrote.</summary>
internal static class SampleModel
{
    public static string PathOf(string file) => GoldenFile.PathOf($"engine/pybridge/{file}");

    /// <summary>With values that no file has.</summary>
    public static nn.Module Empty()
    {
        var model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2));
        using var _ = no_grad();
        foreach (var tensor in model.state_dict().Values) tensor.fill_(9);
        return model;
    }

    public static nn.Module Filled() => Golden.Fill(Empty());

    public static void AssertFilled(nn.Module model)
    {
        using var expected = Filled();
        AssertEqual(expected.state_dict(), model.state_dict());
    }

    public static void AssertEqual(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (name, tensor) in expected)
        {
            Assert.Equal(tensor.shape, actual[name].shape);
            Assert.Equal(tensor.dtype, actual[name].dtype);
            Assert.Equal(tensor.bytes.ToArray(), actual[name].bytes.ToArray());
        }
    }
}
