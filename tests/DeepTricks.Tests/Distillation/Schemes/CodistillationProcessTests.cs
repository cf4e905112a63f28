using System.Globalization;
using DeepTricks.Checkpoints;
using DeepTricks.Distillation;
using TorchSharp;
using static DeepTricks.Tests.Distillation.SchemeNetworks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DeepTricks.Tests.Distillation;

/// <summary>Two processes and a folder: each finds the other's copies, whenever it comes, and none waits.</summary>
[Collection(ProcessWide.Name)]
public sealed class CodistillationProcessTests : IDisposable
{
    internal const string Program = "codistillation";
    private const int StepsTogether = 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("codistillation-").FullName;

    [Fact]
    public void TwoProcesses_TheSecondStartedLater_LearnFromEachOther()
    {
        using var first = ChildPrograms.Start(Program, _folder, "first");
        using var second = ChildPrograms.Start(Program, _folder, "second");

        Assert.True(first.WaitForExit(TimeSpan.FromMinutes(2)) && second.WaitForExit(TimeSpan.FromMinutes(2)), "A process waits for something.");

        foreach (var (process, name) in new[] { (first, "first"), (second, "second") })
        {
            Assert.True(process.ExitCode == 0, process.StandardError.ReadToEnd());
            var distances = File.ReadAllLines(Path.Combine(_folder, $"{name}.txt")).Select(line => double.Parse(line, CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(StepsTogether, distances.Count);
            // Its own prediction would be at 0 from itself; copies that never changed, at ever the same distance.
            Assert.All(distances, distance => Assert.True(distance > 1e-6));
            Assert.True(distances.Distinct().Count() > StepsTogether / 2);
        }
        Assert.Equal(["first.peer.safetensors", "second.peer.safetensors"], Directory.GetFiles(_folder, "*.safetensors*").Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Exchange_WithANetworkOfAnotherShape_NamesTheFile()
    {
        using var student = Small();
        using var scope = NewDisposeScope();
        using var teacher = new CodistillationTeacher(student, _folder, "own", () => Small());
        SafeTensors.Save(Path.Combine(_folder, "odd.peer.safetensors"), new Dictionary<string, Tensor> { ["weight"] = zeros(1) });

        var error = Assert.Throws<InvalidDataException>(teacher.Exchange);

        Assert.Contains("odd.peer.safetensors has no \"layer1.0.weight\": the network of odd is another one.", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What a process does: a few steps with the other's copies, and how far it was from them in each.</summary>
    internal static void Train(string folder, string name)
    {
        using var student = Small(scale: name == "first" ? 1 : -1);
        using var teacher = new CodistillationTeacher(student, folder, name, () => Small(), new() { Interval = 1 });
        using var distiller = new Distiller(student, teacher, TransferTerm.Of("others", new KnowledgeDistillationLoss(new() { Temperature = 1 })));
        using var optimizer = Sgd(student);
        var (images, labels) = Batch(0);
        var distances = new List<string>();
        var patience = DateTime.UtcNow.AddMinutes(1);
        for (var step = 0; distances.Count < StepsTogether && DateTime.UtcNow < patience; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var result = distiller.Run(images, labels, time: new(step, 10, 1000));
            // Alone, it makes no step: the other may take a while to start.
            if (teacher.Others.Count == 0) continue;
            distances.Add(result.Terms[0].Value.item<double>().ToString("R", CultureInfo.InvariantCulture));
            (F.cross_entropy(result.Output, labels) + result.Total()).backward();
            optimizer.step();
        }
        File.WriteAllLines(Path.Combine(folder, $"{name}.txt"), distances);
    }
}
