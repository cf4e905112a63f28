using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DeepTricks.Benchmarks.Areas;

/// <summary>Losses of distillation, and whole steps of training a student.</summary>
public static partial class Distillation
{
    private const int StepRows = 64, StepClasses = 100;

    /// <summary>A step of Hinton's distillation from ResNet-32 to ResNet-8 on pictures of 32 x 32, with SGD and momentum: 0.1 · cross entropy + 0.9 · KL at T = 4.</summary>
    public abstract class DistillationStep : Case
    {
        private Distiller _distiller = null!;
        private optim.Optimizer _optimizer = null!;
        private Tensor _images = null!, _labels = null!;

        protected CifarResNet Student { get; private set; } = null!;

        public override void SetUp()
        {
            Student = Golden.Fill(new CifarResNet(8));
            _images = Golden.Tensor("images", [StepRows, 3, 32, 32]);
            _labels = Golden.Integers("labels", StepClasses, StepRows);
            _distiller = new(Student, MakeTeacher(Golden.Fill(new CifarResNet(32)), _images), TransferTerm.Of("kd", new KnowledgeDistillationLoss(), weight: 0.9)) { ChannelsLast = true };
            _optimizer = optim.SGD(Student.parameters(), 0.05, momentum: 0.9, weight_decay: 5e-4);
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _optimizer.zero_grad();
            var step = _distiller.Run(_images, _labels, Indices);
            (F.cross_entropy(step.Output, _labels) * 0.1 + step.Total()).backward();
            _optimizer.step();
        }

        protected static long[] Indices { get; } = [.. Enumerable.Range(0, StepRows)];

        protected abstract Teacher MakeTeacher(CifarResNet network, Tensor images);

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return Student.parameters().Sum(parameter => parameter.abs().sum().item<float>());
        }
    }

    /// <summary>The teacher runs in every step.</summary>
    [CaseName("kd-step")]
    public class KdStep : DistillationStep
    {
        protected override Teacher MakeTeacher(CifarResNet network, Tensor images) => new FrozenTeacher(network);
    }

    /// <summary>What the teacher says was written to a file before, and is read from it.</summary>
    [CaseName("kd-step-cached")]
    public class KdStepCached : DistillationStep
    {
        protected override Teacher MakeTeacher(CifarResNet network, Tensor images)
        {
            var path = Path.Combine(Path.GetTempPath(), $"kd-step-cached-{Environment.ProcessId}.safetensors");
            using var data = new InMemoryDataset(images.clone());
            var identity = DataIdentity.Of(data);
            using (var teacher = new FrozenTeacher(network))
                CachedTeacher.Write(path, teacher, new BatchLoader(data, new() { BatchSize = StepRows, Shuffle = false, PrefetchDepth = 0 }), identity);
            var cached = new CachedTeacher(path, identity, network);
            File.Delete(path); // the mapping holds it
            return cached;
        }
    }

    /// <summary>The residual network for CIFAR of He et al. with 6n + 2 layers, named as RepDistiller names it.</summary>
    public sealed class CifarResNet : nn.Module<Tensor, Tensor>
    {
#pragma warning disable IDE1006 // Names of the state dict.
        private readonly Conv2d conv1 = nn.Conv2d(3, 16, 3, padding: 1, bias: false);
        private readonly BatchNorm2d bn1 = nn.BatchNorm2d(16);
        private readonly Sequential layer1, layer2, layer3;
        private readonly Linear fc = nn.Linear(64, StepClasses);
#pragma warning restore IDE1006

        public CifarResNet(int depth)
            : base(nameof(CifarResNet))
        {
            var blocks = (depth - 2) / 6;
            layer1 = Stage(16, 16, blocks, 1);
            layer2 = Stage(16, 32, blocks, 2);
            layer3 = Stage(32, 64, blocks, 2);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var maps = layer3.call(layer2.call(layer1.call(bn1.call(conv1.call(input)).relu_())));
            return fc.call(maps.mean([2, 3])).MoveToOuterDisposeScope();
        }

        private static Sequential Stage(int from, int to, int blocks, int stride) =>
            nn.Sequential(Enumerable.Range(0, blocks).Select(i => (nn.Module<Tensor, Tensor>)new Block(i == 0 ? from : to, to, i == 0 ? stride : 1)));

        private sealed class Block : nn.Module<Tensor, Tensor>
        {
#pragma warning disable IDE1006 // Names of the state dict.
            private readonly Conv2d conv1, conv2;
            private readonly BatchNorm2d bn1, bn2;
            private readonly Sequential? downsample;
#pragma warning restore IDE1006

            public Block(int from, int to, int stride)
                : base(nameof(Block))
            {
                conv1 = nn.Conv2d(from, to, 3, stride: stride, padding: 1, bias: false);
                bn1 = nn.BatchNorm2d(to);
                conv2 = nn.Conv2d(to, to, 3, padding: 1, bias: false);
                bn2 = nn.BatchNorm2d(to);
                if (stride != 1) downsample = nn.Sequential(nn.Conv2d(from, to, 1, stride: stride, bias: false), nn.BatchNorm2d(to));
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                using var scope = NewDisposeScope();
                var output = bn2.call(conv2.call(bn1.call(conv1.call(input)).relu_()));
                return output.add_(downsample?.call(input) ?? input).relu_().MoveToOuterDisposeScope();
            }
        }
    }
}
