using DeepTricks.Distillation;
using DeepTricks.Tests.Training;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

[Collection(ProcessWide.Name)]
public sealed class DistillationCallbackTests
{
    [Fact]
    public void Fit_WithAMainWeight_TrainsAsTheLoopByHand()
    {
        using var teacher = new TinyNetwork(7);
        using var trained = new Problem();
        using (var trainer = new Trainer(trained.Objective, trained.Optimizer,
            [new DistillationCallback(Make(trained, teacher), mainWeight: 0.25), new OnEvents { OnAfterLoss = AddSize }]))
            trainer.Fit(trained.Source, "2ep");

        using var byHand = new Problem();
        using var distiller = Make(byHand, teacher);
        for (var epoch = 0; epoch < 2; epoch++)
            foreach (var batch in byHand.Source.Epoch(epoch))
            {
                using var taken = batch;
                using var scope = NewDisposeScope();
                byHand.Optimizer.zero_grad();
                var result = distiller.Run(batch.Input, batch.Target, batch.Indices);
                (nn.functional.cross_entropy(result.Output, batch.Target!) * 0.25 + result.Output.square().mean() * 0.1 + result.Total()).backward();
                byHand.Optimizer.step();
            }

        Assert.Equal(Numbers(byHand), Numbers(trained), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Fit_InMicroBatches_TheTeacherSeesTheIndicesOfEach()
    {
        using var problem = new Problem();
        List<long> seen = [];
        var term = TransferTerm.Of("look", (student, _, lesson) =>
        {
            Assert.Equal(lesson.Input.shape[0], lesson.Indices.Length);
            Assert.Equal(problem.Inputs[lesson.Indices.Span[0]].data<float>().ToArray(), lesson.Input[0].data<float>().ToArray());
            seen.AddRange(lesson.Indices.ToArray());
            return student.Output.square().mean();
        });
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new DistillationCallback(new(problem.Model, new SelfTeacher(), term))],
            new() { MicroBatchSize = 3 });

        trainer.Fit(problem.Source, "1ep");

        Assert.Equal(Enumerable.Range(0, 38).Select(i => (long)i), seen.Order());
    }

    [Fact]
    public void FitStart_WhatDoesNotFit_IsNamed()
    {
        using var teacher = new TinyNetwork(7);
        using var problem = new Problem();
        using var connector = nn.Linear(8, 8);
        using var loss = new HalfSquare();

        using (var trainer = new Trainer(problem.Objective, problem.Optimizer,
            [new DistillationCallback(new(problem.Model, new FrozenTeacher(teacher), TransferTerm.Of("hint", loss, "first", "first", connector)))]))
            Assert.Contains("does not have 'hint_0.weight'", Message(trainer, problem), StringComparison.Ordinal);

        using (var optimizer = optim.SGD([.. problem.Model.parameters(), .. teacher.parameters()], 0.1))
        using (var trainer = new Trainer(problem.Objective, optimizer, [new DistillationCallback(Make(problem, teacher))]))
            Assert.Contains("of the optimiser is the teacher's", Message(trainer, problem), StringComparison.Ordinal);

        using (var other = new TinyNetwork(1))
        using (var trainer = new Trainer(problem.Objective, problem.Optimizer,
            [new DistillationCallback(new(other, new FrozenTeacher(teacher), TransferTerm.Of("logits", loss)))]))
            Assert.Contains("is not the model in training", Message(trainer, problem), StringComparison.Ordinal);

        static string Message(Trainer trainer, Problem problem) => Assert.ThrowsAny<Exception>(() => trainer.Fit(problem.Source, "1st")).Message;
    }

    private static void AddSize(StepContext step) => step.Terms.Add(new("size", step.Output.square().mean(), 0.1));

    private static Distiller Make(Problem problem, TinyNetwork teacher) => new(problem.Model, new FrozenTeacher(teacher),
        TransferTerm.Of("logits", new HalfSquare(), weight: 0.75), TransferTerm.Of("first", new HalfSquare(), "first", "first"));

    private static float[] Numbers(Problem problem) =>
        [.. problem.Model.parameters().SelectMany(parameter => parameter.detach().contiguous().data<float>().ToArray())];

    internal sealed class HalfSquare() : nn.Module<Tensor, Tensor, Tensor>(nameof(HalfSquare))
    {
        public override Tensor forward(Tensor student, Tensor teacher) => (student - teacher).square().mean() / 2;
    }
}
