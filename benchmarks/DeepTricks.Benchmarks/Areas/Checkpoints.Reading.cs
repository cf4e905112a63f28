using DeepTricks.Checkpoints;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

public static partial class Checkpoints
{
    private const int Layers = 31, Width = 2048;

    /// <summary>
    /// Half a gigabyte of weights, from a file that the system has in its cache into a module that is there. The file stands in the temporary
    /// folder; it is written once and stays there, for both sides.
    /// </summary>
    public abstract class Reading(string extension, Action<string, IEnumerable<KeyValuePair<string, Tensor>>> save) : Case
    {
        private readonly string _path = Path.Combine(Path.GetTempPath(), $"deeptricks-bench-{Layers}x{Width}{extension}");
        private Sequential _model = null!;

        public override void SetUp()
        {
            _model = nn.Sequential(Enumerable.Range(0, Layers).Select(layer => ($"{layer}", (nn.Module<Tensor, Tensor>)nn.Linear(Width, Width))));
            if (File.Exists(_path))
                return;
            using var ungraded = no_grad();
            using var scope = NewDisposeScope();
            foreach (var parameter in _model.parameters())
                parameter.copy_(linspace(-1, 1, parameter.numel()).view(parameter.shape));
            save(_path, _model.state_dict());
        }

        public override void Run()
        {
            using var file = CheckpointFile.Open(_path);
            file.LoadInto(_model);
        }

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return _model.parameters().Sum(parameter => parameter.abs().sum().item<float>());
        }
    }

    /// <summary>Against torch.load and load_state_dict.</summary>
    [PeakMemory]
    public class ReadPth() : Reading(".pth", PyTorchFile.Save);

    /// <summary>Against the copy of the same bytes from memory, which is as fast as a machine can be.</summary>
    public class ReadSafetensors() : Reading(".safetensors", (path, tensors) => SafeTensors.Save(path, tensors));
}
