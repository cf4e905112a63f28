using DeepTricks.Distillation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

[Collection(ProcessWide.Name)]
public sealed class DataFreeMemoryTests
{
    [Fact]
    public void Steps_OfTraining_LeaveNoTensors()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        var generator = new DaflGenerator(latentSize: 4);
        var (teacher, student, normed, other) = (LeNet.Teacher(), LeNet.Student(), new SmallNormed(2), new SmallNormed(2));
        using var dafl = new Dafl(teacher, student, generator, Tap.InputOf("fc1"));
        using var inversion = new DeepInversion(normed, other, new() { CompetitionWeight = 1, L2Weight = 1 });
        using var quantization = new QuantizationAware(other);
        var optimizer = optim.SGD([.. generator.parameters(), .. student.parameters()], 1e-3);
        var images = inversion.Begin([2, 3, 8, 8], random);
        var ofImages = optim.SGD([images], 1e-3);
        var labels = tensor([1L, 2L]);
        Step();
        Step();
        var before = ProcessWide.LiveTensors();
        Step();
        Step();
        Assert.Equal(before, ProcessWide.LiveTensors());

        void Step()
        {
            using var inner = NewDisposeScope();
            dafl.Step(Dafl.Noise(2, 4, random, generator), optimizer);
            inversion.Step(images, labels, ofImages, random);
            other.call(images.detach()).sum().backward();
            foreach (var layer in quantization.Export())
            {
                layer.Dispose();
            }
        }
    }
}
