using DeepTricks.Testing;
using Engine.Tests.PyBridge;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Engine.Tests.Saving;

public class StreamFormatTests
{
    private static string PathOf(string file) => GoldenFile.PathOf($"engine/saving/{file}");

    [Fact]
    public void Save_Tensor_WritesTheBytesOfTheFormat()
    {
        using var written = new MemoryStream();
        using var tensor = Golden.Tensor("t", [2, 300]);
        tensor.Save(written);
        Assert.Equal(File.ReadAllBytes(PathOf("tensor.dat")), written.ToArray());
        Assert.False(written.CanWrite);
    }

    [Fact]
    public void Save_TensorThatIsNotContiguous_WritesItsValuesInOrder()
    {
        using var scope = NewDisposeScope();
        using var written = new MemoryStream();
        Golden.Tensor("t", [2, 300]).t().contiguous().t().Save(written);
        Assert.Equal(File.ReadAllBytes(PathOf("tensor.dat")), written.ToArray());
    }

    [Fact]
    public void Load_Tensor_HasItsValues()
    {
        using var read = Tensor.Load(PathOf("tensor.dat"));
        using var expected = Golden.Tensor("t", [2, 300]);
        Assert.Equal(expected.shape, read.shape);
        Assert.Equal(expected.bytes.ToArray(), read.bytes.ToArray());
    }

    [Fact]
    public void SaveAndLoad_FormatOfLibtorch_KeepsEveryBit()
    {
        var path = Path.GetTempFileName();
        try
        {
            using var tensor = Golden.Tensor("t", [2, 300]);
            save(tensor, path);
            using var read = load(path);
            Assert.Equal(tensor.shape, read.shape);
            Assert.Equal(tensor.bytes.ToArray(), read.bytes.ToArray());
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => load(path));
    }

    [Fact]
    public void Load_IntoTensorOfOtherShape_SaysBoth()
    {
        using var target = zeros(300, 2);
        using var reader = new BinaryReader(File.OpenRead(PathOf("tensor.dat")));
        Assert.Contains("[2, 300]", Assert.Throws<ArgumentException>(() => target.Load(reader)).Message);
    }

    [Fact]
    public void Load_TruncatedStream_Throws()
    {
        using var cut = new MemoryStream(File.ReadAllBytes(PathOf("tensor.dat"))[..500]);
        Assert.Throws<EndOfStreamException>(() => Tensor.Load(cut));
    }

    [Fact]
    public void Save_Module_WritesTheBytesOfTheFormat()
    {
        using var written = new MemoryStream();
        using var model = SampleModel.Filled();
        model.save(written);
        Assert.Equal(File.ReadAllBytes(PathOf("model.dat")), written.ToArray());
    }

    [Fact]
    public void Load_Module_HasItsValues()
    {
        using var model = SampleModel.Empty();
        model.load(PathOf("model.dat"));
        SampleModel.AssertFilled(model);
    }

    [Fact]
    public void Load_ModuleNotStrictWithSkip_PassesOverTheRest()
    {
        using var model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2));
        using var filled = SampleModel.Filled();
        using (no_grad()) model.state_dict()["0.weight"].fill_(7);
        var loaded = new Dictionary<string, bool>();
        model.load(PathOf("model.dat"), strict: false, skip: ["0.weight"], loaded);
        Assert.Equal(84, model.state_dict()["0.weight"].sum().item<float>());
        Assert.Equal(filled.state_dict()["2.weight"].bytes.ToArray(), model.state_dict()["2.weight"].bytes.ToArray());
        Assert.False(loaded["1.running_mean"]);
        Assert.True(loaded["2.bias"]);
    }

    [Fact]
    public void Load_ModuleStrictWithOtherNames_Throws()
    {
        using var model = nn.Sequential(nn.Linear(3, 4));
        Assert.Throws<ArgumentException>(() => model.load(PathOf("model.dat")));
    }

    [Fact]
    public void SaveAndLoad_Optimizer_GoesOnToTheBit()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(Golden.Tensor("p", [4, 5]));
        using var first = optim.Adam([parameter], amsgrad: true);
        parameter.grad = Golden.Tensor("g0", [4, 5]);
        first.step();
        using var file = new MemoryStream();
        first.save_state_dict(new BinaryWriter(file));
        var copy = new Parameter(parameter.detach().clone());
        using var second = optim.Adam([copy], lr: 9, amsgrad: true);
        file.Position = 0;
        second.load_state_dict(new BinaryReader(file));
        Assert.True(first.state_dict().State[0].ApproximatelyEquals(second.state_dict().State[0]));
        parameter.grad = Golden.Tensor("g1", [4, 5]);
        copy.grad = Golden.Tensor("g1", [4, 5]);
        first.step();
        second.step();
        Assert.Equal(parameter.bytes.ToArray(), copy.bytes.ToArray());
        using var wrong = optim.SGD([copy], 0.1);
        file.Position = 0;
        Assert.Throws<InvalidDataException>(() => wrong.load_state_dict(new BinaryReader(file)));
    }
}
