using TorchSharp;
using TorchSharp.PyBridge;
using static TorchSharp.torch;

namespace Engine.Tests.PyBridge;

public class ModuleFileTests
{
    [Theory]
    [InlineData("model.pth")]
    [InlineData("parameters.pth")]
    public void LoadPy_FileOfPyTorch_HasItsValues(string file)
    {
        using var model = SampleModel.Empty();
        var loaded = new Dictionary<string, bool>();
        model.load_py(SampleModel.PathOf(file), loadedParameters: loaded);
        SampleModel.AssertFilled(model);
        Assert.Equal(model.state_dict().Keys.Order(), loaded.Keys.Order());
        Assert.All(loaded.Values, Assert.True);
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Fact]
    public void LoadSafetensors_FileOfAnother_HasItsValues()
    {
        using var model = SampleModel.Empty();
        model.load_safetensors(SampleModel.PathOf("model.safetensors"));
        SampleModel.AssertFilled(model);
    }

    [Fact]
    public void SavePyAndLoadPy_RoundTrip_KeepsEveryBit()
    {
        using var model = SampleModel.Filled();
        using var other = SampleModel.Empty();
        using var file = new MemoryStream();
        model.save_py(file, leaveOpen: true);
        other.load_py(file);
        SampleModel.AssertFilled(other);
        Assert.False(file.CanRead);
    }

    [Fact]
    public void SaveSafetensorsAndLoad_RoundTrip_KeepsEveryBit()
    {
        using var model = SampleModel.Filled();
        using var other = SampleModel.Empty();
        using var file = new MemoryStream();
        model.save_safetensors(file, leaveOpen: true);
        file.Position = 0;
        other.load_safetensors(file);
        SampleModel.AssertFilled(other);
        Assert.False(file.CanRead);
    }

    [Fact]
    public void SavePy_OverLongerFile_LeavesNothingOfIt()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new byte[100_000]);
            using var model = SampleModel.Filled();
            model.save_py(path);
            Assert.True(new FileInfo(path).Length < 100_000);
            model.save_safetensors(path);
            Assert.True(new FileInfo(path).Length < 100_000);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("model.pth")]
    [InlineData("model.safetensors")]
    public void Load_OtherNames_SaysWhichAndChangesNothing(string file)
    {
        using var model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2, hasBias: false));
        var before = model.state_dict()["0.weight"].bytes.ToArray();
        var error = Assert.Throws<InvalidOperationException>(() => Load(model, file, strict: true));
        Assert.Contains("Unexpected: 1.bias, 1.num_batches_tracked", error.Message);
        Assert.Equal(before, model.state_dict()["0.weight"].bytes.ToArray());
    }

    [Theory]
    [InlineData("model.pth")]
    [InlineData("model.safetensors")]
    public void Load_NotStrictWithSkip_LoadsTheRest(string file)
    {
        using var model = nn.Sequential(nn.Linear(3, 4));
        using var filled = SampleModel.Filled();
        var loaded = new Dictionary<string, bool>();
        using (no_grad()) model.state_dict()["0.bias"].fill_(7);
        Load(model, file, strict: false, ["0.bias"], loaded);
        Assert.Equal(filled.state_dict()["0.weight"].bytes.ToArray(), model.state_dict()["0.weight"].bytes.ToArray());
        Assert.Equal([7, 7, 7, 7], model.state_dict()["0.bias"].data<float>().ToArray());
        Assert.True(loaded["0.weight"]);
        Assert.False(loaded["2.weight"]);
        Assert.DoesNotContain("0.bias", loaded.Keys);
    }

    [Fact]
    public void LoadPy_OtherShape_NamesTheTensor()
    {
        using var model = nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(4), nn.Linear(4, 2));
        var error = Assert.Throws<ArgumentException>(() => model.load_py(SampleModel.PathOf("model.pth")));
        Assert.Matches("'0.(weight|bias)' has the shape .5", error.Message);
    }

    [Fact]
    public void LoadPy_ModuleOfOtherType_Converts()
    {
        using var model = SampleModel.Empty().to(ScalarType.Float64);
        using var filled = SampleModel.Filled().to(ScalarType.Float64);
        model.load_py(SampleModel.PathOf("model.pth"));
        SampleModel.AssertEqual(filled.state_dict(), model.state_dict());
    }

    [Fact]
    public void Load_InAScope_LeavesNoTensorBehind()
    {
        using var model = SampleModel.Empty();
        using var scope = NewDisposeScope();
        model.load_py(SampleModel.PathOf("model.pth"));
        model.load_safetensors(SampleModel.PathOf("model.safetensors"));
        Assert.Equal(0, scope.DisposablesCount);
    }

    private static void Load(nn.Module model, string file, bool strict, IList<string>? skip = null, Dictionary<string, bool>? loaded = null)
    {
        if (file.EndsWith(".pth", StringComparison.Ordinal)) model.load_py(SampleModel.PathOf(file), strict, skip, loaded);
        else model.load_safetensors(SampleModel.PathOf(file), strict, skip, loaded);
    }
}
