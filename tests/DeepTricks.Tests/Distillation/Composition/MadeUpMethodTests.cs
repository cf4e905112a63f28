using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>A method that nobody has published, whole in this file: the student's channels are to be as active, on average, as the teacher's.</summary>
[Collection(ProcessWide.Name)]
public sealed class MadeUpMethodTests
{
    private sealed class ChannelActivityLoss() : nn.Module<Tensor, Tensor, Tensor>(nameof(ChannelActivityLoss))
    {
        public override Tensor forward(Tensor student, Tensor teacher)
        {
            using var scope = NewDisposeScope();
            return (student.mean([0, 2, 3]) - teacher.mean([0, 2, 3])).square().sum().MoveToOuterDisposeScope();
        }
    }

    [Fact]
    public void AMethodOfOnesOwn_InALoopAndInTheTrainer_BringsTheStudentNearer()
    {
        using var teacher = new SmallNetwork(width: 6);
        using var student = new SmallNetwork(width: 4);
        using var connector = nn.Conv2d(8, 12, 1);
        var distiller = new Distiller(student, new FrozenTeacher(teacher),
            TransferTerm.Of("activity", new ChannelActivityLoss(), "layer2", "layer2", connector, weight: Schedule.Linear(2, 1)));
        using var optimizer = optim.SGD([.. student.parameters(), .. distiller.Learners.parameters()], 0.05);
        var (images, labels) = SmallNetwork.Batch();

        using var scope = NewDisposeScope();
        double first = 0, last = 0;
        for (var step = 0; step < 20; step++)
        {
            optimizer.zero_grad();
            var result = distiller.Run(images, labels);
            (nn.functional.cross_entropy(result.Output, labels) + result.Total()).backward();
            optimizer.step();
            last = result.Terms[0].Value.item<float>();
            if (step == 0) first = last;
        }
        Assert.True(last < first / 2, $"{first} became {last}");

        using var data = new InMemoryDataset(images.clone(), labels.clone());
        using var trainer = new Trainer(Objective.Classification(student), optimizer, [new DistillationCallback(distiller)]);
        trainer.Fit(new BatchLoader(data), "5ep");
        Assert.True(trainer.Metrics["loss/activity"] < last, "the Trainer did not go on");
    }
}
