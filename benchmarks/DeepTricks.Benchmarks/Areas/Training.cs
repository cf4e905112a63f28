using DeepTricks.Data;
using DeepTricks.Testing;
using DeepTricks.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

/// <summary>A single operator, and whole steps of training as in a hand-written loop.</summary>
public static class Training
{
    /// <summary>The smallest operator there is, a thousand times: what a call costs, making and freeing its result included.</summary>
    public class OperatorCall : Case
    {
        private const int Calls = 1000;
        private Tensor _left = null!, _right = null!;

        public override void SetUp() => (_left, _right) = (Golden.Tensor("left", [3, 4]), Golden.Tensor("right", [3, 4]));

        public override void Run()
        {
            using var _ = no_grad();
            for (var call = 0; call < Calls; call++)
            {
                using var sum = add(_left, _right);
            }
        }

        protected override double Result()
        {
            using var sum = add(_left, _right);
            using var total = sum.abs().sum();
            return total.item<float>();
        }
    }

    /// <summary>A step of training as a user writes it: the same batch again and again, so that nothing but the step is measured.</summary>
    public abstract class Step : Case
    {
        private const int Rows = 64, Classes = 10;
        private nn.Module<Tensor, Tensor> _model = null!;
        private optim.Optimizer _optimizer = null!;
        private Tensor _images = null!, _labels = null!;

        public override void SetUp()
        {
            _model = Golden.Fill(MakeModel());
            _optimizer = MakeOptimizer(_model.parameters());
            _images = Golden.Tensor("images", [Rows, .. ImageShape]);
            _labels = Golden.Integers("labels", Classes, Rows);
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(_model.call(_images), _labels);
            loss.backward();
            _optimizer.step();
        }

        protected abstract long[] ImageShape { get; }

        protected abstract nn.Module<Tensor, Tensor> MakeModel();

        protected abstract optim.Optimizer MakeOptimizer(IEnumerable<Parameter> parameters);

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return _model.parameters().Sum(parameter => parameter.abs().sum().item<float>());
        }
    }

    /// <summary>784-256-10.</summary>
    public abstract class MlpStep : Step
    {
        protected override long[] ImageShape => [784];

        protected override nn.Module<Tensor, Tensor> MakeModel() => nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10));
    }

    public class MlpSgdStep : MlpStep
    {
        protected override optim.Optimizer MakeOptimizer(IEnumerable<Parameter> parameters) => optim.SGD(parameters, 0.01, momentum: 0.9);
    }

    public class MlpAdamStep : MlpStep
    {
        protected override optim.Optimizer MakeOptimizer(IEnumerable<Parameter> parameters) => optim.Adam(parameters, 0.001);
    }

    /// <summary>Two convolutions with pooling and a linear layer on 28 x 28, with SGD.</summary>
    public class CnnStep : Step
    {
        protected override long[] ImageShape => [1, 28, 28];

        protected override nn.Module<Tensor, Tensor> MakeModel() => nn.Sequential(
            nn.Conv2d(1, 16, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(32 * 7 * 7, 10));

        protected override optim.Optimizer MakeOptimizer(IEnumerable<Parameter> parameters) => optim.SGD(parameters, 0.01, momentum: 0.9);
    }

    /// <summary>An epoch of a hundred steps of the same model, its batches coming from a source.</summary>
    public abstract class Epoch : Case
    {
        protected nn.Module<Tensor, Tensor> Model { get; private set; } = null!;

        protected optim.Optimizer Optimizer { get; private set; } = null!;

        protected IBatchSource Source { get; private set; } = null!;

        public override void SetUp()
        {
            Model = Golden.Fill(nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)));
            Optimizer = optim.SGD(Model.parameters(), 0.01, momentum: 0.9);
            Source = new SameBatch(Golden.Tensor("images", [64, 784]), Golden.Integers("labels", 10, 64));
        }

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return Model.parameters().Sum(parameter => parameter.abs().sum().item<float>());
        }

        private sealed class SameBatch(Tensor images, Tensor labels) : IBatchSource
        {
            private readonly long[] _rows = [.. Enumerable.Range(0, (int)images.shape[0])];

            public int BatchesPerEpoch => 100;

            public IEnumerable<Batch> Epoch(int epoch, int firstBatch = 0)
            {
                for (var batch = firstBatch; batch < BatchesPerEpoch; batch++)
                    yield return new(images.alias(), labels.alias(), _rows);
            }
        }
    }

    /// <summary>The Trainer without callbacks, against the loop by hand.</summary>
    [OwnPeer(typeof(HandWrittenStep))]
    public class TrainerStep : Epoch
    {
        private Trainer _trainer = null!;
        private int _epochs;

        public override void SetUp()
        {
            base.SetUp();
            _trainer = new(Objective.Classification(Model), Optimizer);
            _epochs = 0;
        }

        public override void Run() => _trainer.Fit(Source, Duration.Epochs(++_epochs));
    }

    /// <summary>The loop that the Trainer is held against.</summary>
    public class HandWrittenStep : Epoch
    {
        public override void Run()
        {
            foreach (var batch in Source.Epoch(0))
            {
                using var taken = batch;
                using var scope = NewDisposeScope();
                Optimizer.zero_grad();
                var loss = nn.functional.cross_entropy(Model.call(batch.Input), batch.Target!);
                loss.backward();
                Optimizer.step();
            }
        }
    }
}
