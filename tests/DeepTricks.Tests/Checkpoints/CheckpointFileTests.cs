using DeepTricks.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Checkpoints;

public sealed class CheckpointFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoints").FullName;

    public static TheoryData<string> Names => [.. Fixtures.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_AFileOfPyTorch_IsEqualToTheLastBit(string name)
    {
        using var scope = NewDisposeScope();
        var expected = Fixtures.Tensors(name);

        using var file = CheckpointFile.Open(Fixtures.At(name));

        Assert.Equal(expected.Keys.Order(), file.Entries.Select(entry => entry.Name).Order());
        foreach (var entry in file.Entries)
        {
            var (tensor, wanted) = (file.Read(entry.Name), expected[entry.Name]);
            Assert.Equal(wanted.ScalarType, entry.Type);
            Assert.Equal(wanted.ScalarType, tensor.dtype);
            Assert.Equal(wanted.Shape, entry.Shape);
            Assert.Equal(wanted.Shape, tensor.shape);
            Assert.Equal(wanted.Bytes.Length, entry.Bytes);
            Assert.True(wanted.Bytes.AsSpan().SequenceEqual(Fixtures.Bytes(tensor)), entry.Name);
            Assert.False(tensor.requires_grad);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ReadInto_ATensorOfAnyLayout_IsEqualToTheLastBit(string name)
    {
        using var scope = NewDisposeScope();
        using var file = CheckpointFile.Open(Fixtures.At(name));

        foreach (var (tensor, wanted) in Fixtures.Tensors(name))
        {
            var dense = zeros(wanted.Shape, dtype: wanted.ScalarType);
            var turned = zeros([.. wanted.Shape.Reverse()], dtype: wanted.ScalarType).permute([.. Enumerable.Range(0, wanted.Shape.Length).Reverse().Select(i => (long)i)]);
            file.ReadInto(tensor, dense);
            file.ReadInto(tensor, turned);
            Assert.True(wanted.Bytes.AsSpan().SequenceEqual(Fixtures.Bytes(dense)), tensor);
            Assert.True(wanted.Bytes.AsSpan().SequenceEqual(Fixtures.Bytes(turned)), tensor);
        }
    }

    [Theory]
    [InlineData("views.pth")]
    [InlineData("views-old.pth")]
    public void Read_ATransposedOrChannelsLastTensor_KeepsItsStrides(string name)
    {
        using var scope = NewDisposeScope();
        using var file = CheckpointFile.Open(Fixtures.At(name));

        foreach (var tensor in (string[])["whole", "turned", "channels"])
            Assert.Equal(Fixtures.Tensors(name)[tensor].Strides, file.Read(tensor).stride());
        // What lies between its rows belongs to others.
        Assert.Equal([2, 1], file.Read("columns").stride());
    }

    [Theory]
    [InlineData("nested.pth")]
    [InlineData("nested-old.pth")]
    public void Open_ANestedCheckpoint_FindsTheStateDictionaryAndTheRest(string name)
    {
        using var file = CheckpointFile.Open(Fixtures.At(name));
        using var whole = CheckpointFile.Open(Fixtures.At(name), new() { Root = "" });
        using var part = CheckpointFile.Open(Fixtures.At(name), new() { Root = "optimizer.state.4" });

        Assert.Equal("state_dict", file.Root);
        Assert.Equal(Fixtures.Texts(name, "everything").Order(), whole.Entries.Select(entry => entry.Name).Order());
        Assert.Equal(["exp_avg", "exp_avg_sq", "step"], part.Entries.Select(entry => entry.Name).Order());
        Assert.Equal((7L, 0.25, true, "resnet18"), (file.Value("epoch"), file.Value("best"), file.Value("done"), file.Value("arch")));
        Assert.Equal(0.01, file.Value("optimizer.param_groups.0.lr"));
        Assert.Equal(2.5, file.Value("history.1"));
        Assert.Null(file.Value("history.2"));
        Assert.Null(file.Value("optimizer"));
        Assert.Equal(["argparse.Namespace"], file.UnknownGlobals);
    }

    [Fact]
    public void Open_ARootThatIsNotThere_NamesThoseThatAre()
    {
        var error = Assert.Throws<InvalidDataException>(() => CheckpointFile.Open(Fixtures.At("nested.pth"), new() { Root = "teacher" }));

        Assert.Contains("nothing at \"teacher\"; at the top there are: epoch, best, done, arch, state_dict, optimizer", error.Message);
    }

    [Theory]
    [InlineData("module.pth")]
    [InlineData("module-old.pth")]
    public void Open_AWholeModule_TakesItsTensorsAndCallsNothing(string name)
    {
        using var file = CheckpointFile.Open(Fixtures.At(name));

        Assert.Contains("torch.nn.modules.conv.Conv2d", file.UnknownGlobals);
        Assert.False(file.Contains("scratch")); // not persistent
    }

    [Fact]
    public void Open_APickleThatRunsACommand_NamesItAndRunsNothing()
    {
        using var file = CheckpointFile.Open(Fixtures.At("evil.pth"));

        Assert.Equal(["posix.system"], file.UnknownGlobals);
        Assert.False(File.Exists("/tmp/deeptricks-was-here"));
    }

    [Fact]
    public void Open_SafeTensors_KeepsTheTexts()
    {
        using var file = CheckpointFile.Open(Fixtures.At("state.safetensors"));

        Assert.Equal("7", file.Value("epoch"));
        Assert.Null(file.Value("step"));
    }

    [Theory]
    [InlineData("../secret.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("sub/model.safetensors")]
    [InlineData("sub\\model.safetensors")]
    [InlineData("")]
    public void Open_AShardOutsideOfTheFolder_Throws(string shard)
    {
        var inside = Directory.CreateDirectory(Path.Combine(_folder, "inside", "sub")).Parent!.FullName;
        File.Copy(Fixtures.At("state.safetensors"), Path.Combine(_folder, "secret.safetensors"));
        File.Copy(Fixtures.At("state.safetensors"), Path.Combine(inside, "sub", "model.safetensors"));
        var index = Path.Combine(inside, "model.safetensors.index.json");
        File.WriteAllText(index, System.Text.Json.JsonSerializer.Serialize(new { weight_map = new Dictionary<string, string> { ["conv.weight"] = shard } }));

        var error = Assert.Throws<InvalidDataException>(() => CheckpointFile.Open(inside));

        Assert.Contains("not the name of a file in the folder", error.Message);
        Assert.Contains(index, error.Message);
    }

    [Theory]
    [InlineData("{\"weight_map\":{\"a\":\"model.safetensors\"}}", "lacks \"a\"")]
    [InlineData("{\"weight_map\":{\"a\":\"other.safetensors\"}}", "missing in the folder")]
    [InlineData("{\"weight_map\":{\"a\":7}}", "not the index")]
    [InlineData("{\"weights\":{}}", "not the index")]
    [InlineData("[", "not the index")]
    public void Open_AnIndexThatLies_SaysWhatIsWrong(string text, string message)
    {
        File.Copy(Fixtures.At("state.safetensors"), Path.Combine(_folder, "model.safetensors"));
        var index = Path.Combine(_folder, "some.index.json");
        File.WriteAllText(index, text);

        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => CheckpointFile.Open(index)).Message);
    }

    [Theory]
    [InlineData("", "a file of 0 bytes")]
    [InlineData("PK\u0003\u0004", "cut off")]
    [InlineData("a text that is no checkpoint", "neither a checkpoint of PyTorch nor a safetensors file")]
    public void Open_SomethingElse_SaysSo(string content, string message)
    {
        var path = Path.Combine(_folder, "some.pth");
        File.WriteAllText(path, content);

        var error = Assert.Throws<InvalidDataException>(() => CheckpointFile.Open(path));

        Assert.Contains(message, error.Message);
        Assert.StartsWith(path, error.Message);
    }

    [Fact]
    public void Open_NothingThere_Throws()
    {
        Assert.Throws<FileNotFoundException>(() => CheckpointFile.Open(Path.Combine(_folder, "none.pth")));
        Assert.Throws<FileNotFoundException>(() => CheckpointFile.Open(_folder));
    }

    [Fact]
    public void Read_AnotherNameOrTarget_SaysWhatWasExpected()
    {
        using var file = CheckpointFile.Open(Fixtures.At("state.pth"));
        using var target = zeros(4);

        Assert.Contains("\"conv.weights\"", Assert.Throws<ArgumentException>(() => file.Read("conv.weights")).Message);
        Assert.Contains("expected Float32 [4, 3, 3, 3]", Assert.Throws<ArgumentException>(() => file.ReadInto("conv.weight", target)).Message);
    }

    [Fact]
    public void Read_AFileThatIsCutOffMeanwhile_Throws()
    {
        var path = Path.Combine(_folder, "state.pth");
        File.Copy(Fixtures.At("state.pth"), path);
        using var file = CheckpointFile.Open(path);

        try
        {
            using var writing = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            writing.SetLength(100);
        }
        catch (IOException)
        {
            return; // a system that does not let it happen
        }

        Assert.Contains("ends at", Assert.Throws<InvalidDataException>(() => file.Read("conv.weight")).Message);
    }

    [Fact]
    public void Open_MoreObjectsThanAllowed_Throws() =>
        Assert.Contains("MaxExtraBytes", Assert.Throws<InvalidDataException>(() => CheckpointFile.Open(Fixtures.At("nested.pth"), new() { MaxExtraBytes = 2000 })).Message);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
