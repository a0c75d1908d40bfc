import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization import bench
from dlbasic.regularization.bench import predict
from dlbasic.regularization.early_stopping import EarlyStopping

SEEDS = range(10)
rows = torch.zeros(len(SEEDS), 3, 2)  # way × (test loss, accuracy)
for run, seed in enumerate(SEEDS):
    problem = bench.load_problem(seed=seed, wrong=0.0)
    network = bench.Network(seed=seed)
    stopping = EarlyStopping(network, patience=4)
    for step, _ in bench.train(network, problem.train, seed=seed, steps=100):
        if step % 10 == 0:
            validation = predict(network, problem.validation.inputs)
            if stopping.should_stop(bench.measure(validation, problem.validation.targets).loss):
                break
    stopping.restore()
    pairs = zip(problem.train, problem.validation, strict=True)
    everything = bench.Examples(*map(torch.cat, pairs))
    all_updates = bench.fit(problem.train, seed=seed, steps=100)
    all_examples = bench.fit(everything, seed=seed, steps=100)
    for row, some in enumerate([network, all_updates, all_examples]):
        test = bench.measure(predict(some, problem.test.inputs), problem.test.targets)
        rows[run, row] = torch.tensor(test[:2])

names = ["200 digits, stopped by 200 others", "200 digits, all updates", "400 digits, all updates"]
print("mean ± 95%, 10 seeds                 test loss       accuracy")
for name, way in zip(names, rows.unbind(dim=1), strict=True):
    print(f"{name:35}", *(f"{mean_over_seeds(column):.3f}" for column in way.T), sep="  ")
stopped, full, more = rows.unbind(dim=1)
gain = mean_over_seeds(stopped[:, 1] - full[:, 1])
print(f"accuracy gained by stopping: {gain:.3f}")
assert abs(gain.mean) < 0.02  # nothing to gain
assert (more[:, 1] > stopped[:, 1]).sum() >= 9  # the examples do more as examples
